/** `petiole rules …` */
import { text } from "node:stream/consumers";
import { toText } from "../../bson/stringify.ts";
import { Fault } from "../../kit/fault.ts";
import { templates } from "../../rules/templates.ts";
import { type AdminClient, serverOf } from "../admin-client.ts";
import type { AppPlace } from "../app-desk.ts";
import { say } from "../counter.ts";

export interface ExplainFlags extends AppPlace {
  readonly user?: string;
  readonly source: string;
  readonly operation: string;
  /** EJSON; `-` for standard input. */
  readonly document?: string;
  readonly id?: string;
  readonly update?: string;
  readonly json?: boolean;
}

interface Told {
  readonly allowed: boolean | null;
  readonly reason: string;
  readonly roles: readonly { readonly name: string; readonly applies: boolean | null }[];
  readonly filters: readonly string[];
  readonly pushed_filter: string | null;
  readonly fields: { readonly shown: readonly string[]; readonly hidden: readonly string[] } | null;
  readonly violations: readonly { readonly field: string; readonly message: string }[];
}

/** @param namespace `DATABASE.COLLECTION` */
export async function explainRules(namespace: string, flags: ExplainFlags): Promise<void> {
  const dot = namespace.indexOf(".");
  if (dot < 1) throw new Fault("InvalidParameter", "name the namespace as DATABASE.COLLECTION");
  const { server, base } = await findApp(flags);
  const { document, id, update } = flags;
  const answer = await server.call("POST", `${base}/rules/explain`, {
    ...(flags.user === undefined ? { run_as_system: true } : { user_id: flags.user }),
    data_source: flags.source,
    database: namespace.slice(0, dot),
    collection: namespace.slice(dot + 1),
    operation: flags.operation,
    ...(document !== undefined && {
      document: readJson(document === "-" ? await text(process.stdin) : document),
    }),
    ...(id !== undefined && { document_id: readJson(id) }),
    ...(update !== undefined && { update: readJson(update) }),
  });
  if (flags.json === true) say(JSON.stringify(answer));
  else sayExplanation(answer as Told);
}

async function findApp({
  app: wanted,
  ...place
}: AppPlace): Promise<{ readonly server: AdminClient; readonly base: string }> {
  const server = await serverOf(place);
  if (server === undefined)
    throw new Fault(
      "ServiceUnavailable",
      "rules are explained by a server: start one with petiole serve",
    );
  const groups = `/groups/${server.groupId}/apps`;
  const apps = (await server.call("GET", groups)) as readonly {
    readonly _id: string;
    readonly client_app_id: string;
  }[];
  const found = wanted === undefined ? apps[0] : apps.find((each) => each.client_app_id === wanted);
  if (found === undefined)
    throw new Fault("AppNotFound", `there is no app with App ID '${wanted ?? ""}'`);
  return { server, base: `${groups}/${found._id}` };
}

/** A text that is no JSON is a text. */
function readJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

function sayExplanation(told: Told): void {
  const verdict = told.allowed === null ? "depends" : told.allowed ? "allowed" : "denied";
  say(`${verdict}: ${told.reason}`);
  for (const { name, applies } of told.roles)
    say(
      `  role ${name}: ${applies === null ? "may apply" : applies ? "applies" : "does not apply"}`,
    );
  for (const each of told.filters) say(`  filter ${each} applies`);
  if (told.pushed_filter !== null) say(`  query: ${told.pushed_filter}`);
  if (told.fields !== null) {
    say(`  shown: ${told.fields.shown.join(", ")}`);
    if (told.fields.hidden.length > 0) say(`  hidden: ${told.fields.hidden.join(", ")}`);
  }
  for (const { field, message } of told.violations) say(`  ${field}: ${message}`);
}

/** @param name all of them are listed when it is absent */
export function showTemplates(name: string | undefined, field: string | undefined): void {
  if (name === undefined) {
    for (const each of templates) say(`${each.name.padEnd(20)} ${each.description}`);
    return;
  }
  const found = templates.find((each) => each.name === name);
  if (found === undefined) throw new Fault("NotFound", `no template is called '${name}'`);
  const role = toText(found.role(field), "relaxed");
  say(JSON.stringify(JSON.parse(role), undefined, 2));
}
