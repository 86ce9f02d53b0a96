/** The part of an entry that few entries have, as the admin API shows it, with its secrets hidden. */
import type { LogEntry, NamespaceMetrics } from "./log-entry.ts";
import type { Redactor } from "./redact.ts";
import type { RareFields } from "./segment.ts";

const messagesMax = 25;
const violationsMax = 100;
const notesMax = 20;

/** Of an entry without free text; undefined where it has nothing that is rare. */
export function plainFieldsOf(entry: LogEntry): RareFields | undefined {
  const { authEvent, endpointId, functionId, serviceId, trigger, ruleMetrics } = entry;
  const isPlain = (endpointId ?? functionId ?? serviceId ?? authEvent ?? trigger) === undefined;
  if (isPlain && ruleMetrics === undefined && entry.functionMs === 0) return undefined;
  return { ...namesOf(entry), ...metricsOf(entry) };
}

export function rareFieldsOf(entry: LogEntry, redactor: Redactor): RareFields {
  const { error, errorCode, authFailure, messages } = entry;
  return {
    ...(error !== undefined && { error: redactor.text(error), error_code: errorCode ?? "" }),
    ...(authFailure !== undefined && { auth_failure: redactor.text(authFailure) }),
    ...(messages !== undefined && {
      messages: messages.slice(0, messagesMax).map((each) => redactor.text(each)),
    }),
    ...argumentsOf(entry, redactor),
    ...namesOf(entry),
    ...metricsOf(entry),
    ...judgementsOf(entry, redactor),
  };
}

function argumentsOf(entry: LogEntry, redactor: Redactor): RareFields {
  const { functionArguments, functionName, endpointBody } = entry;
  return {
    ...(functionArguments !== undefined && {
      function_call: {
        name: functionName ?? "",
        arguments: readArguments(redactor.body(Buffer.from(functionArguments))),
      },
    }),
    ...(endpointBody !== undefined && {
      endpoint_body: Buffer.from(redactor.body(endpointBody)).toString("base64"),
    }),
  };
}

/** A text that is no JSON any more, since it was cut, is shown as it is. */
function readArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [text];
  }
}

/** Ids, and names that the app's configuration gives. */
function namesOf(entry: LogEntry): RareFields {
  const { endpointId, functionId, functionMs, serviceId, authEvent, trigger } = entry;
  return {
    ...(functionMs > 0 && { function_ms: Math.round(functionMs * 1000) / 1000 }),
    ...(authEvent !== undefined && { auth_event: { ...authEvent } }),
    ...(trigger !== undefined && {
      event_subscription_id: trigger.id,
      event_subscription_name: trigger.name,
    }),
    ...(endpointId !== undefined && { endpoint_id: endpointId }),
    ...(functionId !== undefined && { function_id: functionId }),
    ...(serviceId !== undefined && { service_id: serviceId }),
  };
}

function metricsOf({ ruleMetrics }: LogEntry): RareFields {
  if (ruleMetrics === undefined) return {};
  const byNamespace = [...ruleMetrics].map(([name, metrics]) => [name, describe(metrics)] as const);
  return { rule_metrics: { namespaces_metrics: Object.fromEntries(byNamespace) } };
}

/** What rules and schemas found. */
function judgementsOf({ violations, notes }: LogEntry, redactor: Redactor): RareFields {
  return {
    ...(violations !== undefined && {
      schema_violations: violations
        .slice(0, violationsMax)
        .map((each) => ({ ...each, message: redactor.text(each.message) })),
    }),
    ...(notes !== undefined && {
      notes: notes.slice(0, notesMax).map((each) => redactor.text(each)),
    }),
  };
}

function describe({ roles, noMatchingRole }: NamespaceMetrics): object {
  return { roles: Object.fromEntries(roles), no_matching_role: noMatchingRole };
}
