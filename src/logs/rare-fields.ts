/** The part of an entry that few entries have, as the admin API shows it, with its secrets hidden. */
import type { NamespaceTally } from "../config/findings.ts";
import type { LogEntry } from "./log-entry.ts";
import type { Redactor } from "./redact.ts";
import type { RareFields } from "./segment.ts";

type Fields = Record<string, unknown>;

/** Of an entry without free text; undefined where it has nothing that is rare. */
export function plainFieldsOf(entry: LogEntry): RareFields | undefined {
  const { authEvent, endpointId, functionId, serviceId, trigger, ownFields, tallies } = entry;
  const named = endpointId ?? functionId ?? serviceId ?? authEvent ?? trigger ?? ownFields;
  if ((named ?? tallies) === undefined && entry.functionMs === 0) return undefined;
  const fields: Fields = {};
  addNames(fields, entry);
  addMetrics(fields, entry);
  return fields;
}

/** Field by field: spread objects cost more than all the rest of an entry. */
export function rareFieldsOf(entry: LogEntry, redactor: Redactor): RareFields {
  const { error, errorCode, authFailure, messages } = entry;
  const fields: Fields = {};
  if (error !== undefined) {
    fields["error"] = redactor.text(error);
    fields["error_code"] = errorCode ?? "";
  }
  if (authFailure !== undefined) fields["auth_failure"] = redactor.text(authFailure);
  if (messages !== undefined) fields["messages"] = messages.map((each) => redactor.text(each));
  addArguments(fields, entry, redactor);
  addNames(fields, entry);
  addMetrics(fields, entry);
  addJudgements(fields, entry, redactor);
  addClient(fields, entry, redactor);
  return fields;
}

/** Clients may say what they like. */
function addClient(fields: Fields, { client }: LogEntry, redactor: Redactor): void {
  if (client === undefined) return;
  const { platform, platformVersion, sdkName, sdkVersion } = client;
  fields["platform"] = redactor.text(platform);
  fields["platform_version"] = redactor.text(platformVersion);
  fields["sdk_name"] = redactor.text(sdkName);
  fields["sdk_version"] = redactor.text(sdkVersion);
}

function addArguments(fields: Fields, entry: LogEntry, redactor: Redactor): void {
  const { functionArguments, endpointBody } = entry;
  if (functionArguments !== undefined)
    fields["function_arguments"] = readArguments(redactor.body(Buffer.from(functionArguments)));
  if (endpointBody !== undefined)
    fields["endpoint_body"] = Buffer.from(redactor.body(endpointBody)).toString("base64");
}

/** An action has one argument, its body. A text that is no JSON any more, since it was cut, is shown as it is. */
function readArguments(text: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read : [read];
  } catch {
    return [text];
  }
}

/** Ids, and names that the app's configuration gives. */
function addNames(fields: Fields, entry: LogEntry): void {
  const { endpointId, functionId, functionMs, serviceId, serviceName, authEvent, trigger } = entry;
  if (entry.ownFields !== undefined) Object.assign(fields, entry.ownFields);
  if (functionMs > 0) fields["function_ms"] = Math.round(functionMs * 1000) / 1000;
  if (authEvent !== undefined) fields["auth_event"] = { ...authEvent };
  if (trigger !== undefined) {
    fields["event_subscription_id"] = trigger.id;
    fields["event_subscription_name"] = trigger.name;
  }
  if (endpointId !== undefined) fields["endpoint_id"] = endpointId;
  if (functionId !== undefined) fields["function_id"] = functionId;
  if (serviceId !== undefined) fields["service_id"] = serviceId;
  if (serviceName !== undefined) fields["service_name"] = serviceName;
}

function addMetrics(fields: Fields, { tallies }: LogEntry): void {
  if (tallies === undefined) return;
  const byNamespace = [...tallies].map(([name, tally]) => [name, describe(tally)] as const);
  fields["rule_metrics"] = { namespaces_metrics: Object.fromEntries(byNamespace) };
}

/** What rules and schemas found. */
function addJudgements(fields: Fields, { violations, notes }: LogEntry, redactor: Redactor): void {
  if (violations !== undefined)
    fields["schema_violations"] = violations.map((each) => ({
      ...each,
      message: redactor.text(each.message),
    }));
  if (notes !== undefined) fields["notes"] = notes.map((each) => redactor.text(each));
}

function describe({ roles, noMatchingRole }: NamespaceTally): object {
  const byRole = [...roles].map(([name, { documents, evaluatedFields, discardedFields }]) => [
    name,
    {
      matching_documents: documents,
      evaluated_fields: evaluatedFields,
      discarded_fields: discardedFields,
    },
  ]);
  return { roles: Object.fromEntries(byRole), no_matching_role: noMatchingRole };
}
