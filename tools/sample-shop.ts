/** An app with something of everything in it, for pictures: a small shop. */

export interface Shop {
  /** The `_id` of the app. */
  readonly app: string;
  /** An administrator's, as the console keeps it. */
  readonly session: string;
}

interface Place {
  readonly url: string;
  /** Of the local administrator. */
  readonly token: string;
  readonly apiKey: string;
  readonly appId: string;
}

const customers = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Radia"] as const;
const goods = ["lamp", "chair", "desk", "shelf", "clock"] as const;
const credentials = { email: "ada@example.org", password: "correct horse battery" };

export async function fillShop(place: Place): Promise<Shop> {
  const local = callerOf(place, place.token);
  await local("POST", "/administrators", credentials);
  const grace = { email: "grace@example.org", password: credentials.password };
  await local("POST", "/administrators", grace);
  const logIn = async ({ email, password }: typeof credentials): Promise<Session> =>
    (await local("POST", "/auth/providers/local-userpass/login", {
      username: email,
      password,
    })) as Session;
  const session = await logIn(credentials);
  const { roles } = (await local("GET", "/auth/profile")) as Profile;
  const group = `/groups/${roles[0]?.group_id ?? ""}`;
  const [app] = (await local("GET", `${group}/apps`)) as readonly { readonly _id: string }[];
  const base = `${group}/apps/${app?._id ?? ""}`;
  const ada = callerOf(place, session.access_token);
  await fillData(ada, base);
  await fillApp(ada, base);
  await sendRequests(place);
  await ada("POST", `${base}/drafts`);
  await change(ada, base, "orderTotal", totalWithTax);
  await ada("POST", `${base}/values`, { name: "taxRate", value: 0.19 });
  const theirs = callerOf(place, (await logIn(grace)).access_token);
  await theirs("POST", `${base}/drafts`);
  await theirs("POST", `${base}/values`, { name: "currency", value: "EUR" });
  return {
    app: app?._id ?? "",
    session: JSON.stringify({
      accessToken: session.access_token,
      refreshToken: session.refresh_token,
    }),
  };
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

interface Session {
  readonly access_token: string;
  readonly refresh_token: string;
}
interface Profile {
  readonly roles: readonly { readonly group_id: string }[];
}

function callerOf({ url }: Place, token: string): Call {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api/admin/v3.0${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
}

const firstOrderMs = Date.UTC(2026, 0, 5);

async function fillData(call: Call, base: string): Promise<void> {
  const insert = async (collection: string, documents: readonly object[]): Promise<void> => {
    const body = { database: "shop", collection, documents };
    await call("POST", `${base}/data/mongodb-atlas/actions/insertMany`, body);
  };
  await insert(
    "orders",
    Array.from({ length: 240 }, (_, number) => ({
      _id: { $oid: (0x65a000000000 + number).toString(16).padStart(24, "0") },
      number: { $numberLong: String(1000 + number) },
      customer: customers[number % customers.length],
      status: number % 5 === 0 ? "open" : "paid",
      total: { $numberDecimal: (19.9 + number * 1.5).toFixed(2) },
      createdAt: { $date: { $numberLong: String(firstOrderMs + number * 7_000_000) } },
      lines: [{ good: goods[number % goods.length], pieces: (number % 3) + 1 }],
    })),
  );
  await insert(
    "goods",
    goods.map((name, number) => ({ name, price: 10 * (number + 1), stock: 100 - number })),
  );
}

const total = `exports = async function ({ query }) {
  const orders = context.services
    .get("mongodb-atlas")
    .db("shop")
    .collection("orders");
  const order = await orders.findOne({ customer: query.customer });
  console.log("asked for", query.customer);
  return { total: order?.total ?? 0 };
};
`;
const totalWithTax = total
  .replace("  console.log", `  const rate = context.values.get("taxRate");\n  console.log`)
  .replace("order?.total ?? 0", "order?.total ?? 0, rate");

async function change(call: Call, base: string, name: string, source: string): Promise<void> {
  const all = (await call("GET", `${base}/functions`)) as readonly {
    readonly _id: string;
    readonly name: string;
  }[];
  const id = all.find((each) => each.name === name)?._id ?? "";
  await call("PUT", `${base}/functions/${id}`, { name, source });
}

async function fillApp(call: Call, base: string): Promise<void> {
  const system = { run_as_system: true };
  await call("POST", `${base}/functions`, { name: "orderTotal", source: total, ...system });
  await call("POST", `${base}/functions`, {
    name: "notify",
    source:
      'exports = async (text) => context.http.post({ url: "https://example.org", body: text });\n',
    private: true,
  });
  await call("POST", `${base}/functions`, {
    name: "refuse",
    source: 'exports = () => {\n  throw new Error("not today");\n};\n',
    ...system,
  });
  for (const [route, name] of [
    ["/orders/total", "orderTotal"],
    ["/orders/refuse", "refuse"],
  ] as const)
    await call("POST", `${base}/endpoints`, {
      route,
      http_method: "GET",
      function_name: name,
      respond_result: true,
    });
  await call("POST", `${base}/values`, { name: "pageSize", value: 20 });
  await call("POST", `${base}/values`, { name: "support", value: { mail: "help@example.org" } });
  await call("POST", `${base}/secrets`, { name: "payments", value: "hunter-two-two" });
  await call("POST", `${base}/services/mongodb-atlas/rules`, {
    database: "shop",
    collection: "orders",
    roles: [
      {
        name: "staff",
        apply_when: { "%%user.custom_data.isStaff": true },
        document_filters: { read: true, write: true },
        read: true,
        write: true,
        insert: true,
        delete: true,
        search: true,
      },
      {
        name: "customer",
        apply_when: {},
        document_filters: { read: { customer: "%%user.data.name" }, write: false },
        read: true,
        write: false,
      },
    ],
    filters: [{ name: "recent", apply_when: {}, query: { status: { $ne: "archived" } } }],
  });
  for (const name of customers)
    await call("POST", `${base}/users`, {
      email: `${name.toLowerCase()}@example.org`,
      password: "correct horse",
    });
}

async function sendRequests({ url, apiKey, appId }: Place): Promise<void> {
  const root = `${url}/app/${appId}/endpoint`;
  for (let number = 0; number < 60; number += 1) {
    const customer = customers[number % customers.length];
    const work =
      number % 3 === 0
        ? fetch(`${root}/orders/total?customer=${customer}`)
        : fetch(`${root}/data/v1/action/${number % 2 === 0 ? "find" : "findOne"}`, {
            method: "POST",
            headers: { apiKey, "Content-Type": "application/json" },
            body: JSON.stringify({
              dataSource: "mongodb-atlas",
              database: "shop",
              collection: "orders",
              filter: { customer },
            }),
          });
    await (await work).arrayBuffer();
  }
  await (await fetch(`${root}/orders/refuse`)).arrayBuffer();
}
