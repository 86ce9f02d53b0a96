/**
 * `schema.json` against documents that are written, compiled once per deployment.
 *
 * All that is wrong with a document is found, not only the first: the log entry lists it.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import type { AppConfig, SchemaConfig } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import { chain, type Eventual } from "./expression/eventual.ts";
import type { RequestEnvironment } from "./expressions.ts";
import type { Namespace } from "./open-namespace.ts";
import type { Check, Violation } from "./schema/check.ts";
import { compileCheck, type OnSchemaProblem } from "./schema/compile.ts";

export type { OnSchemaProblem, Violation };

export interface SchemaCheck {
  /** Empty: the document is as its schema wants it. */
  readonly violations: readonly Violation[];
}

/** Violations that are listed of one document. */
const violationsMax = 100;

/** A schema, compiled. */
export interface CompiledSchema {
  /**
   * Checks a document.
   *
   * @param given.before as it is stored now; undefined for one that is new
   * @param given.environment absent where no request is behind it: expressions then are not asked
   * @param given.allowsNull whether null stands for any type where a field is optional
   */
  check(
    document: Doc,
    given: {
      readonly before?: Doc | undefined;
      readonly environment?: RequestEnvironment | undefined;
      readonly allowsNull?: boolean | undefined;
    },
  ): Eventual<SchemaCheck>;
}

/** Compiles a schema. @param onProblem is told each mistake; a deployment with one is refused */
export function compileSchema(
  schema: Doc,
  onProblem: OnSchemaProblem = () => undefined,
): CompiledSchema {
  const check: Check = compileCheck(schema, [], onProblem);
  return {
    check(document, { before, environment, allowsNull = false }) {
      const violations: Violation[] = [];
      const checking = {
        root: document,
        prevRoot: before,
        environment,
        allowsNull,
        report(violation: Violation): void {
          if (violations.length < violationsMax) violations.push(violation);
        },
      };
      const spot = { value: document, prev: before, field: "(root)" };
      return chain(check(spot, checking), () => ({ violations }));
    },
  };
}

const compiled = new WeakMap<SchemaConfig, CompiledSchema>();

/** The schema of a namespace; undefined where its documents are not checked. */
export function schemaOf(config: AppConfig, namespace: Namespace): CompiledSchema | undefined {
  const own = findSchema(config, namespace);
  if (own === undefined || own.schema.size === 0) return undefined;
  let found = compiled.get(own);
  if (found === undefined) {
    found = compileSchema(own.schema);
    compiled.set(own, found);
  }
  return found;
}

function findSchema(config: AppConfig, namespace: Namespace): SchemaConfig | undefined {
  const { dataSource, database, collection } = namespace;
  return config.dataSources.get(dataSource)?.collections.get(`${database}.${collection}`)?.schema;
}

/** Whether documents of a namespace are checked at all. */
export function hasSchema(config: AppConfig, namespace: Namespace): boolean {
  return (findSchema(config, namespace)?.schema.size ?? 0) > 0;
}

/**
 * Checks a document as it will be stored.
 *
 * @param before as it is stored now; undefined for one that is new
 * @returns a Promise only where an expression calls a function
 */
export function validateWrite(
  config: AppConfig,
  namespace: Namespace,
  before: Doc | undefined,
  after: Doc,
  environment: RequestEnvironment,
): Eventual<SchemaCheck> {
  const schema = schemaOf(config, namespace);
  if (schema === undefined) return { violations: [] };
  const allowsNull = environment.scope.app.allowsNullTypes;
  return schema.check(after, { before, environment, allowsNull });
}

/** What the sender of a write is told: the first few of the violations, since an answer is no log. */
export function schemaFault(verb: "insert" | "update", { violations }: SchemaCheck): Fault {
  const shown = violations.slice(0, shownMax).map(({ field, message }) => `${field}: ${message}`);
  const more = violations.length - shown.length;
  const list = more > 0 ? [...shown, `and ${more} more`] : shown;
  return new Fault(
    "SchemaValidationFailedWrite",
    `${verb} not permitted: could not validate document: ${list.join("; ")}`,
    { cause: new SchemaViolations(violations) },
  );
}

const shownMax = 5;

/** The cause of the fault: all of them, for the log entry. */
export class SchemaViolations extends Error {
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super("schema validation failed");
    this.violations = violations;
  }
}
