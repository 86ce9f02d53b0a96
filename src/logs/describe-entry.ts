/** A log entry as the admin API shows it, and as a log forwarder hands it on (SPEC §11.1). */
import type { App } from "../config/app.ts";
import { memTimeOf } from "./mem-time.ts";
import { platformOf } from "./platform.ts";
import { endOf } from "./query-logs.ts";
import type { SegmentEntry } from "./segment.ts";

export type DescribedEntry = Readonly<Record<string, unknown>>;

/** @param groupId of the one project that this server has */
export function describeEntry(entry: SegmentEntry, app: App, groupId: string): DescribedEntry {
  const {
    endpoint_body: body,
    function_ms: functionMs,
    function_arguments: args = null,
    service_name: service,
    ...rare
  } = entry.rare;
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
      function_call: {
        name: calledNameOf(entry),
        arguments: args,
        ...(typeof service === "string" && { service }),
      },
      function_call_location: app.location ?? defaultLocation,
      // Atlas: the region of a provider's cloud, which there is none of here.
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
    ...readPlatform(entry),
    ...rare,
    mem_time_usage: memTimeOf(work),
    response_bytes: entry.responseBytes,
    duration_ms: entry.ms,
  };
}

const defaultLocation = "US-VA";

/** As the original calls the function behind an action: `data/v1/findOne`. */
function calledNameOf({ functionName, route }: SegmentEntry): string {
  const [, version] = /^\/data\/(\w+)\/action\//.exec(route) ?? [];
  return version === undefined ? functionName : `data/${version}/${functionName}`;
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

function readPlatform({ headers }: SegmentEntry): DescribedEntry {
  const found = platformOf(readHeaders(headers)["user-agent"] ?? "");
  if (found === undefined) return {};
  return { platform: found.platform, platform_version: found.platformVersion };
}
