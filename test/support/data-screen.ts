/** The console's Data screen on a stage, with what its tests put there and look for. */
import type { Locator, Page } from "playwright-core";
import { type ConsoleStage, openConsoleStage } from "./console.ts";

/** One of each type. */
export const everyType = {
  _id: "typed",
  objectId: { $oid: "64b7f0c2a1d3e4f5a6b7c8d9" },
  int: { $numberInt: "7" },
  long: { $numberLong: "7" },
  double: { $numberDouble: "7.0" },
  decimal: { $numberDecimal: "7.00" },
  date: { $date: { $numberLong: "0" } },
  binary: { $binary: { base64: "AQI=", subType: "80" } },
  timestamp: { $timestamp: { t: 5, i: 6 } },
  regex: { $regularExpression: { pattern: "^a", options: "i" } },
  code: { $code: "return 1" },
  scoped: { $code: "return x", $scope: { x: { $numberInt: "1" } } },
  uuid: { $binary: { base64: "AAECAwQFBgcICQoLDA0ODw==", subType: "04" } },
  symbol: { $symbol: "s" },
  pointer: { $dbPointer: { $ref: "a.b", $id: { $oid: "64b7f0c2a1d3e4f5a6b7c8d9" } } },
  none: { $undefined: true },
  least: { $minKey: 1 },
  greatest: { $maxKey: 1 },
  nothing: null,
  yes: true,
  list: [{ $numberInt: "1" }, { $numberLong: "2" }],
  inner: { a: { $numberDouble: "1.5" } },
};

/** The document of an `_id`, in cards or in the tree. */
export function article(page: Page, id: string): Locator {
  return page.getByRole("article", { name: `Document ${id}` });
}

export interface DataStage {
  readonly stage: ConsoleStage;
  readonly database: string;
  /** An action of the admin API, as canonical EJSON. */
  act<T>(action: string, collection: string, body: object): Promise<T>;
  found(collection: string, id: string): Promise<object | null>;
  /** @param more of the address: `&tab=indexes` */
  screenOf(collection: string, more?: string): string;
}

export async function openDataStage(): Promise<DataStage> {
  const stage = await openConsoleStage();
  const { database } = stage.server;
  const act: DataStage["act"] = async (action, collection, body) =>
    stage.admin.must("POST", `{A}/data/mongodb-atlas/actions/${action}`, {
      database,
      collection,
      ...body,
    });
  return {
    stage,
    database,
    act,
    async found(collection, id) {
      const filter = { _id: id };
      return (await act<{ document: object | null }>("findOne", collection, { filter })).document;
    },
    screenOf: (collection, more = "") => `data?db=${database}&coll=${collection}${more}`,
  };
}
