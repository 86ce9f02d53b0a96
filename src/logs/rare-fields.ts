/** The part of an entry that few entries have, as the admin API shows it, with its secrets hidden. */
import type { NamespaceTally } from "../config/findings.ts";
import type { LogEntry } from "./log-entry.ts";
import type { Redactor } from "./redact.ts";
import type { RareFields } from "./segment.ts";

/** Of an entry without free text; undefined where it has nothing that is rare. */
export function plainFieldsOf(entry: LogEntry): RareFields | undefined {
  const { authEvent, endpointId, functionId, serviceId, trigger, ownFields, tallies } = entry;
  const named = endpointId ?? functionId ?? serviceId ?? authEvent ?? trigger ?? ownFields;
  if ((named ?? tallies) === undefined && entry.functionMs === 0) return undefined;
  return { ...namesOf(entry), ...metricsOf(entry) };
}

export function rareFieldsOf(entry: LogEntry, redactor: Redactor): RareFields {
  const { error, errorCode, authFailure, messages } = entry;
  return {
    ...(error !== undefined && { error: redactor.text(error), error_code: errorCode ?? "" }),
    ...(authFailure !== undefined && { auth_failure: redactor.text(authFailure) }),
    ...(messages !== undefined && {
      messages: messages.map((each) => redactor.text(each)),
    }),
    ...argumentsOf(entry, redactor),
    ...namesOf(entry),
    ...metricsOf(entry),
    ...judgementsOf(entry, redactor),
    ...clientOf(entry, redactor),
  };
}

/** Clients may say what they like. */
function clientOf({ client }: LogEntry, redactor: Redactor): RareFields {
  if (client === undefined) return {};
  const { platform, platformVersion, sdkName, sdkVersion } = client;
  return {
    platform: redactor.text(platform),
    platform_version: redactor.text(platformVersion),
    sdk_name: redactor.text(sdkName),
    sdk_version: redactor.text(sdkVersion),
  };
}

function argumentsOf(entry: LogEntry, redactor: Redactor): RareFields {
  const { functionArguments, endpointBody } = entry;
  return {
    ...(functionArguments !== undefined && {
      function_arguments: readArguments(redactor.body(Buffer.from(functionArguments))),
    }),
    ...(endpointBody !== undefined && {
      endpoint_body: Buffer.from(redactor.body(endpointBody)).toString("base64"),
    }),
  };
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
function namesOf(entry: LogEntry): RareFields {
  const { endpointId, functionId, functionMs, serviceId, serviceName, authEvent, trigger } = entry;
  return {
    ...entry.ownFields,
    ...(functionMs > 0 && { function_ms: Math.round(functionMs * 1000) / 1000 }),
    ...(authEvent !== undefined && { auth_event: { ...authEvent } }),
    ...(trigger !== undefined && {
      event_subscription_id: trigger.id,
      event_subscription_name: trigger.name,
    }),
    ...(endpointId !== undefined && { endpoint_id: endpointId }),
    ...(functionId !== undefined && { function_id: functionId }),
    ...(serviceId !== undefined && { service_id: serviceId }),
    ...(serviceName !== undefined && { service_name: serviceName }),
  };
}

function metricsOf({ tallies }: LogEntry): RareFields {
  if (tallies === undefined) return {};
  const byNamespace = [...tallies].map(([name, tally]) => [name, describe(tally)] as const);
  return { rule_metrics: { namespaces_metrics: Object.fromEntries(byNamespace) } };
}

/** What rules and schemas found. */
function judgementsOf({ violations, notes }: LogEntry, redactor: Redactor): RareFields {
  return {
    ...(violations !== undefined && {
      schema_violations: violations.map((each) => ({
        ...each,
        message: redactor.text(each.message),
      })),
    }),
    ...(notes !== undefined && { notes: notes.map((each) => redactor.text(each)) }),
  };
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
