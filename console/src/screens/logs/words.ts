import type { LogEntry } from "../../api/logs.ts";

/** What was asked for, in a line. */
export function whatOf({
  request_method: method,
  request_url: url,
  function_name: name,
  log_forwarder_name: forwarder,
  type,
}: LogEntry): string {
  if (url !== undefined) return `${method ?? ""} ${ownPart(url)}`;
  return name ?? forwarder ?? type;
}

/** All of an app's addresses begin alike: `admin:/values` is one of the admin API. */
function ownPart(url: string): string {
  return (url.split("?", 1)[0] ?? "")
    .replace(/^\/app\/[^/]+\/endpoint/, "")
    .replace(/^\/api\/(admin|client)\/[^/]+\/(?:groups\/[^/]+\/apps|app)\/[^/]+/, "$1:");
}

export function statusColour(status: number): string {
  if (status >= 500) return "red";
  return status >= 400 ? "orange" : "green";
}
