/** What a write does to the documents that one may write, document by document. */
import type { Doc } from "../../src/bson/doc.ts";
import { ObjectId, type Value } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { compileMatch } from "../../src/query/match.ts";
import { compileReplacement } from "../../src/query/replacement.ts";
import { compileUpdate } from "../../src/query/update.ts";
import { composeUpsert } from "../../src/query/upsert.ts";
import { Fault } from "../../src/kit/fault.ts";
import { pathsOfUpdate } from "../../src/rules/update-paths.ts";
import { type Asker, environment } from "./expression.ts";
import { type Change, isPermitted, isSurelyShown, outcomeOf, rolesOf } from "./permission.ts";
import { type RuleFilter, type Rules, show } from "./role.ts";
import type { HiddenFields } from "./world.ts";
import type { Operation, WriteRequest } from "./write-request.ts";

/** Which one does not matter. */
const madeId = ObjectId.fromHex("f".repeat(24));

export interface World {
  readonly rules: Rules;
  readonly asker: Asker;
  readonly hiddenFields: HiddenFields;
  /** In their natural order. */
  readonly documents: readonly Doc[];
}

export interface Done {
  readonly gives: readonly Value[];
  readonly documents: readonly Doc[];
}

/** @throws {Fault} `NoMatchingRuleFound` for what is denied @throws {MongoError} for what the store would refuse */
export function expectWrite(world: World, request: WriteRequest): Done {
  if (rolesOf(world.rules, world.asker).length === 0)
    throw new Fault("NoMatchingRuleFound", "no role can apply");
  const documents = [...world.documents];
  const gives = runRequest(world, documents, request);
  return { gives, documents };
}

/** Whether the user's writes go to the store as they are: then what comes before a failure stays. */
export function isUnconditional({ rules, asker }: World): boolean {
  const [role, ...others] = rolesOf(rules, asker);
  if (role === undefined || others.length > 0) return false;
  const isFree = ({ applyWhen, query }: RuleFilter): boolean =>
    !applyWhen || (query.kind !== "constant" && outcomeOf(query, asker) === true);
  if (!rules.filters.every(isFree)) return false;
  const { documentFilters } = role;
  const isFiltered = documentFilters?.read !== undefined || documentFilters?.write !== undefined;
  const needed = [role.applyWhen, role.write, ...(isFiltered ? [documentFilters?.write] : [])];
  const optional = [role.insert, role.delete].filter((each) => each !== undefined);
  return [...needed, ...optional].every(
    (each) => each !== undefined && outcomeOf(each, asker) === true,
  );
}

function runRequest(world: World, documents: Doc[], request: WriteRequest): readonly Value[] {
  switch (request.verb) {
    case "insertMany": {
      for (const document of request.documents) mustPermit(world, insertion(document));
      return request.documents.map((each) => insert(documents, each));
    }
    case "findOneAndUpdate": {
      const { filter, update, returnDocument } = request;
      const found = findMeant(world, documents, filter)[0];
      if (found === undefined) return [null];
      const after = change(world, documents, found, update);
      const image = returnDocument === "after" ? after : found;
      return [show(image, world.rules, world.asker) ?? null];
    }
    case "findOneAndDelete": {
      const found = findMeant(world, documents, request.filter)[0];
      if (found === undefined) return [null];
      const shown = show(found, world.rules, world.asker) ?? null;
      remove(world, documents, found);
      return [shown];
    }
    case "bulkWrite": {
      const totals = [0, 0, 0, 0, 0];
      for (const operation of request.operations) {
        const given = runOperation(world, documents, operation);
        for (const [index, each] of placesOf(operation, given))
          totals[index] = (totals[index] ?? 0) + each;
      }
      return totals;
    }
    default:
      return runOperation(world, documents, request);
  }
}

/** Inserted, matched, modified, deleted, upserted. */
function placesOf(
  { verb }: Operation,
  given: readonly Value[],
): readonly (readonly [index: number, count: number])[] {
  if (verb === "insertOne") return [[0, 1]];
  if (verb === "deleteOne" || verb === "deleteMany") return [[3, Number(given[0])]];
  return [
    [1, Number(given[0])],
    [2, Number(given[1])],
    [4, given.length > 2 ? 1 : 0],
  ];
}

function runOperation(world: World, documents: Doc[], operation: Operation): readonly Value[] {
  if (operation.verb === "insertOne") {
    mustPermit(world, insertion(operation.document));
    return [insert(documents, operation.document)];
  }
  const meant = findMeant(world, documents, operation.filter);
  const found = operation.verb.endsWith("Many") ? meant : meant.slice(0, 1);
  if (!("upsert" in operation)) {
    for (const each of found) remove(world, documents, each);
    return [found.length];
  }
  const write = "replacement" in operation ? operation.replacement : operation.update;
  if (found.length === 0 && operation.upsert) return [0, 0, upsert(world, documents, operation)];
  const changed = found.filter(
    (each) => change(world, documents, each, write, operation.verb === "replaceOne") !== each,
  );
  return [found.length, changed.length];
}

/** Documents that the user sees and that match as they see them. */
function findMeant(world: World, documents: readonly Doc[], filter: Doc): readonly Doc[] {
  const match = compileMatch(filter, environment);
  return documents.filter((doc) => {
    const shown = show(doc, world.rules, world.asker);
    return shown !== undefined && match.matches(world.hiddenFields === "stored" ? doc : shown);
  });
}

function change(
  world: World,
  documents: Doc[],
  before: Doc,
  write: Doc,
  isReplacement = false,
): Doc {
  const paths = isReplacement ? write.keys() : pathsOfUpdate(write);
  const named = hiddenOf(world, paths);
  let after = before;
  try {
    after = isReplacement
      ? compileReplacement(write, environment)(before)
      : compileUpdate(write, {}, environment).apply(before, { isInsert: false });
  } catch (cause) {
    // What the store says of a hidden field is told to those alone who may write it.
    if (named.length > 0) mustPermit(world, { verb: "update", before, after: before, named });
    throw cause;
  }
  mustPermit(world, { verb: "update", before, after, named });
  documents[documents.indexOf(before)] = after;
  return after;
}

function hiddenOf({ rules, asker }: World, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !isSurelyShown(path, rules, asker));
}

function upsert(
  world: World,
  documents: Doc[],
  operation: Extract<Operation, { readonly upsert: boolean }>,
): Value {
  const { filter } = operation;
  const isReplacement = operation.verb === "replaceOne";
  const paths = isReplacement ? operation.replacement.keys() : pathsOfUpdate(operation.update);
  const made = composeUpsert(
    filter,
    isReplacement
      ? { kind: "replacement", replacement: operation.replacement }
      : { kind: "update", update: compileUpdate(operation.update, {}, environment) },
    environment,
    () => madeId,
  );
  mustPermit(world, {
    verb: "insert",
    before: undefined,
    after: made,
    hasMadeId: !filter.has("_id") && !paths.includes("_id"),
    named: hiddenOf(world, paths),
  });
  return insert(documents, made);
}

function remove(world: World, documents: Doc[], before: Doc): void {
  mustPermit(world, { verb: "delete", before, after: undefined });
  documents.splice(documents.indexOf(before), 1);
}

function insertion(document: Doc): Change {
  return { verb: "insert", before: undefined, after: document };
}

function insert(documents: Doc[], document: Doc): Value {
  const id = document.get("_id") as Value;
  if (documents.some((each) => each.get("_id") === id)) throw new MongoError(11_000, "duplicate");
  documents.push(document);
  return id;
}

function mustPermit({ rules, asker }: World, given: Change): void {
  if (!isPermitted(given, rules, asker))
    throw new Fault("NoMatchingRuleFound", `${given.verb} not permitted`);
}
