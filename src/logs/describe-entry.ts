/** A log entry as the admin API shows it, and as a log forwarder hands it on (SPEC §11.1). */
import type { App } from "../config/app.ts";
import { memTimeOf } from "./mem-time.ts";
import { endOf } from "./query-logs.ts";
import type { SegmentEntry } from "./segment.ts";

export type DescribedEntry = Readonly<Record<string, unknown>>;

/** @param groupId of the one project that this server has */
export function describeEntry(entry: SegmentEntry, app: App, groupId: string): DescribedEntry {
  const { endpoint_body: body, function_ms: functionMs, ...rare } = entry.rare;
  const work = { ...entry, functionMs: typeof functionMs === "number" ? functionMs : 0 };
  return {
    _id: entry.coId,
    co_id: entry.coId,
    domain_id: app.id,
    app_id: app.id,
    group_id: groupId,
    type: entry.type,
    ...(entry.method !== "" && { request_url: entry.url, request_method: entry.method }),
    started: new Date(entry.startedAt).toISOString(),
    completed: new Date(endOf(entry)).toISOString(),
    ...(entry.userId !== "" && { user_id: entry.userId }),
    ...(entry.keyId !== "" && { api_key_id: entry.keyId }),
    ...(entry.address !== "" && { remote_ip_address: entry.address }),
    status: entry.status,
    ...(entry.functionName !== "" && {
      function_name: entry.functionName,
      function_call_location: app.location ?? "US-VA",
      function_call_provider_region: "",
    }),
    ...(entry.route !== "" && {
      endpoint_route: entry.route,
      endpoint_args: {
        query: queryOf(entry.url),
        headers: headersOf(entry.headers),
        ...(typeof body === "string" && { body: { $binary: { base64: body, subType: "00" } } }),
      },
    }),
    ...platformOf(entry),
    ...rare,
    mem_time_usage: memTimeOf(work),
    response_bytes: entry.responseBytes,
    duration_ms: entry.ms,
  };
}

function queryOf(url: string): Readonly<Record<string, readonly string[]>> {
  const start = url.indexOf("?");
  const found = new Map<string, string[]>();
  if (start >= 0)
    for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [value]);
      else known.push(value);
    }
  return Object.fromEntries(found);
}

/** As the original, a list of values per name. */
function headersOf(text: string): Readonly<Record<string, readonly string[]>> {
  const headers = readHeaders(text);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}

function readHeaders(text: string): Readonly<Record<string, string>> {
  return text === "" ? {} : (JSON.parse(text) as Readonly<Record<string, string>>);
}

/** Atlas: what the original knew from its own clients is, for the others, read off their `User-Agent`. */
function platformOf({ headers }: SegmentEntry): DescribedEntry {
  const agent = readHeaders(headers)["user-agent"];
  const [, name, version = ""] = /^([\w.-]+)(?:\/([\w.+-]+))?/.exec(agent ?? "") ?? [];
  return name === undefined ? {} : { platform: name, platform_version: version };
}
