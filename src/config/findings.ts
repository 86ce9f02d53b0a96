/**
 * What is found out on the way of a call and stands in its log entry: which roles applied, what a schema did not let
 * through, what functions wrote to their console.
 *
 * A call without conditions asks for none of it, and pays for none of it.
 */

/** What a role did to documents (SPEC §6.4). */
export interface RoleTally {
  documents: number;
  evaluatedFields: number;
  discardedFields: number;
}

/** Fields of one document that were looked at one by one, and those of them that were withheld. */
export interface FieldCounts {
  evaluated: number;
  discarded: number;
}

/** Of one namespace, over all documents that a call looked at under rules. */
export class NamespaceTally {
  /** By the name of the role. */
  readonly roles = new Map<string, RoleTally>();
  /** Documents for which no role applied. */
  noMatchingRole = 0;

  /** @param role undefined where none applied */
  add(role: string | undefined, documents: number, fields?: FieldCounts): void {
    if (role === undefined) {
      this.noMatchingRole += documents;
      return;
    }
    let tally = this.roles.get(role);
    if (tally === undefined) {
      tally = { documents: 0, evaluatedFields: 0, discardedFields: 0 };
      this.roles.set(role, tally);
    }
    tally.documents += documents;
    if (fields === undefined) return;
    tally.evaluatedFields += fields.evaluated;
    tally.discardedFields += fields.discarded;
  }
}

export interface SchemaViolation {
  /** As in `required`. */
  readonly kind: string;
  /** As in `(root).name`. */
  readonly field: string;
  readonly message: string;
}

/** Takes what is found; the log entry of a request is one. */
export interface Findings {
  /** @param namespace as in `db.collection` */
  tallyOf(namespace: string): NamespaceTally;
  addViolations(violations: readonly SchemaViolation[]): void;
  /** What an administrator should know of a call, in a sentence. */
  remark(text: string): void;
  /** A function that ran on the way: what it wrote, a line each, and how long it took. */
  addRun(run: { readonly logs: readonly string[]; readonly ms: number }): void;
}
