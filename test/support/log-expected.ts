/** What entries of the log have, by their kind (SPEC §11.1). */
import { expect } from "vitest";
import type { Entry } from "./log-stage.ts";

export const id = expect.stringMatching(/^[0-9a-f]{24}$/) as unknown;
export const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
export const count = expect.any(Number) as unknown;
export const text = expect.any(String) as unknown;

/** What every entry of a request has. */
export function common(type: string, status: number, group: string): Entry {
  return {
    _id: id,
    co_id: id,
    domain_id: id,
    app_id: id,
    group_id: group,
    type,
    request_url: text,
    request_method: text,
    started: moment,
    completed: moment,
    remote_ip_address: "127.0.0.1",
    status,
    mem_time_usage: count,
    response_bytes: count,
    duration_ms: count,
  };
}
export const called = (name: string, args: readonly unknown[] | null, service?: string): Entry => ({
  function_name: name.split("/").at(-1),
  function_call: { name, arguments: args, ...(service !== undefined && { service }) },
  function_call_location: "US-VA",
  function_call_provider_region: "",
});
export const endpoint = (route: string, more: object = {}): Entry => ({
  endpoint_route: route,
  endpoint_args: { query: {}, headers: expect.any(Object) as unknown, ...more },
});
export const tally = (documents: number, evaluated = 0, discarded = 0): Entry => ({
  matching_documents: documents,
  evaluated_fields: evaluated,
  discarded_fields: discarded,
});
export const metrics = (roles: object, without = 0): Entry => ({
  rule_metrics: { namespaces_metrics: { "shop.pets": { roles, no_matching_role: without } } },
});
export const device = { platform: "firefox", platformVersion: "125.0", sdkVersion: "2.0.1" };
export const fromDevice = {
  platform: "firefox",
  platform_version: "125.0",
  sdk_name: "Realm Web",
  sdk_version: "2.0.1",
};
