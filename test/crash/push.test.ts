/** A server that is killed in the middle of a push: what is live is one of the pushes, whole. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { packFiles, unpackFiles } from "../../src/config/app-package.ts";
import { freshlyMade, toFiles } from "../support/app-samples.ts";
import { petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

const rounds = 6;
/** More than a piece holds, and not to be compressed. */
const fillerLines = 40_000;

function filesOf(version: number): ReadonlyMap<string, Uint8Array> {
  let seed = version + 1;
  const lines: string[] = [];
  for (let line = 0; line < fillerLines; line += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    lines.push(`// ${seed.toString(36)}${version}`);
  }
  return toFiles({
    ...freshlyMade,
    "functions/config.json": [{ name: "f", private: false }],
    "functions/f.js": `exports = () => ${version};\n${lines.join("\n")}\n`,
  });
}

test("crash: kills in the middle of pushes lose nothing", { timeout: 120_000 }, async () => {
  const data = await mkdtemp(path.join(tmpdir(), "petiole-push-crash-"));
  let acknowledged = -1;
  let next = 0;
  const found: string[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const petiole = await startPetiole({ args: ["--data", data, "--app-id", "crash-abcde"] });
      const api = await openApi(petiole, data);
      if (round > 0) found.push(await readLive(api, [acknowledged, next - 1]));
      const first = next;
      next += 1;
      await api("POST", "/deployments", await packFiles(filesOf(first)));
      acknowledged = first;
      const version = next;
      next += 1;
      const pushing = api("POST", "/deployments", await packFiles(filesOf(version))).then(
        () => {
          acknowledged = version;
        },
        () => {},
      );
      // Where in the push it dies is what differs from round to round.
      await Promise.race([pushing, pause(round * 25)]);
      await petiole.kill();
      await pushing;
    }
    expect(found).toEqual(found.map(() => "one of them, whole"));
    expect(await run(["doctor", "--data", data])).toMatchObject({ code: 0 });
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

/** Whether what is live is one of the versions, in all its files; in words. */
async function readLive(api: Api, versions: readonly number[]): Promise<string> {
  const live = await unpackFiles(await api("GET", "/deployments/live/files"));
  const source = Buffer.from(live.get("functions/f.js") ?? "").toString();
  const version = Number(/=> (\d+)/.exec(source)?.[1]);
  if (!versions.includes(version)) return `${version}, not one of ${versions.join(" and ")}`;
  const wanted = await packFiles(filesOf(version));
  return wanted.equals(await packFiles(live))
    ? "one of them, whole"
    : `not the whole of ${version}`;
}

type Api = (
  method: string,
  target: string,
  body?: Uint8Array<ArrayBuffer> | Buffer,
) => Promise<Buffer>;

async function openApi({ url }: Petiole, data: string): Promise<Api> {
  const token = (await readFile(path.join(data, "admin-token"), "utf8")).trim();
  const call = async (method: string, target: string, body?: Uint8Array): Promise<Buffer> => {
    const answer = await fetch(`${url}/api/admin/v3.0${target}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/gzip" },
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(bytes.toString());
    return bytes;
  };
  const profile = JSON.parse((await call("GET", "/auth/profile")).toString()) as {
    roles: [{ group_id: string }];
  };
  const group = `/groups/${profile.roles[0].group_id}/apps`;
  const [app] = JSON.parse((await call("GET", group)).toString()) as [{ _id: string }];
  return async (method, target, body) => call(method, `${group}/${app._id}${target}`, body);
}
