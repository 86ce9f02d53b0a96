/**
 * Roles to begin with, as the original offered them in its console: each is a plain role once it is in a file.
 *
 * To add one: a line in `templates`.
 */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";

export interface RoleTemplate {
  /** Also the name of the role that it makes. */
  readonly name: string;
  /** What it is for, in a sentence without its end. */
  readonly description: string;
  /** What the field that it asks about holds; undefined where it asks about none. */
  readonly field: string | undefined;
  /** The role, as it stands in `rules.json`. @param field a field name, `owner_id` in most apps */
  readonly role: (field?: string) => Doc;
}

interface Parts {
  readonly read: Value;
  readonly write: Value;
  readonly applyWhen?: Doc;
}

/** All that a role has, since exports of the original hold it so. */
function makeRole(name: string, { read, write, applyWhen = Doc.empty }: Parts): Doc {
  const writes = write !== false;
  return Doc.of({
    name,
    apply_when: applyWhen,
    document_filters: Doc.of({ read, write }),
    read: true,
    write: writes,
    insert: writes,
    delete: writes,
    search: true,
  });
}

const ownerField = "owner_id";

function isOwner(field: string): Doc {
  return Doc.fromParts([field], ["%%user.id"]);
}

/** Atlas: only the names of the first two are known; the others are named like them. */
export const templates: readonly RoleTemplate[] = [
  {
    name: "readAndWriteAll",
    description: "users read and write all data",
    field: undefined,
    role: () => makeRole("readAndWriteAll", { read: true, write: true }),
  },
  {
    name: "readAll",
    description: "users read all data, and write none",
    field: undefined,
    role: () => makeRole("readAll", { read: true, write: false }),
  },
  {
    name: "readOwnWriteOwn",
    description: "users read and write their own data",
    field: "the id of the document's owner",
    role: (field = ownerField) =>
      makeRole("readOwnWriteOwn", { read: isOwner(field), write: isOwner(field) }),
  },
  {
    name: "readAllWriteOwn",
    description: "users read all data, and write their own",
    field: "the id of the document's owner",
    role: (field = ownerField) =>
      makeRole("readAllWriteOwn", { read: true, write: isOwner(field) }),
  },
  {
    name: "readAndWriteShared",
    description: "users read and write the documents that list them",
    field: "a list of the ids of those who share the document",
    role: (field = "collaborators") =>
      makeRole("readAndWriteShared", { read: isOwner(field), write: isOwner(field) }),
  },
  {
    name: "readAndWriteByEmail",
    description: "users read and write the documents that hold their e-mail address",
    field: "an e-mail address",
    role(field = "owner_email") {
      const isTheirs = Doc.fromParts([field], ["%%user.data.email"]);
      return makeRole("readAndWriteByEmail", { read: isTheirs, write: isTheirs });
    },
  },
  {
    name: "admin",
    description: "users whose custom data says so read and write all data",
    field: "a boolean in the custom data",
    role: (field = "isAdmin") =>
      makeRole("admin", {
        read: true,
        write: true,
        applyWhen: Doc.fromParts([`%%user.custom_data.${field}`], [true]),
      }),
  },
];
