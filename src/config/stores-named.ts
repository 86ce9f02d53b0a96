/** What settings name elsewhere: stores, the database of the state, identity providers. */
import { Fault } from "../kit/fault.ts";
import { embeddedStore } from "./app.ts";

export function readSources(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((each) => {
      const match = /^([A-Za-z0-9_-]{1,64})=(mongodb(?:\+srv)?:\/\/.+)$/.exec(each);
      const [, name, uri] = match ?? [];
      // The message must not hold the connection string, and with it a password.
      if (name === undefined || uri === undefined || name === embeddedStore)
        throw new Fault("InvalidParameter", "--source must be NAME=mongodb://…");
      return [name, uri] as const;
    }),
  );
}

export function readIdentityProviders(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((each) => {
      const [, type, url] = /^(oauth2-[a-z]+)=(https?:\/\/\S+)$/.exec(each) ?? [];
      if (type === undefined || url === undefined)
        throw new Fault("InvalidParameter", "--identity-provider must be oauth2-NAME=https://…");
      return [type, url.replace(/\/+$/, "")] as const;
    }),
  );
}

export function readState(given: string | undefined): string | undefined {
  if (given === undefined || /^mongodb(?:\+srv)?:\/\/./.test(given)) return given;
  throw new Fault("InvalidParameter", "--state must be mongodb://… or mongodb+srv://…");
}

const databasesOfServer: ReadonlySet<string> = new Set(["admin", "config", "local"]);

export function readDatabase(given: string): string {
  if (/^[A-Za-z0-9_-]{1,38}$/.test(given) && !databasesOfServer.has(given.toLowerCase()))
    return given;
  throw new Fault(
    "InvalidParameter",
    "--state-database must be 1 to 38 letters, digits, '_' or '-', and no database of the server",
  );
}
