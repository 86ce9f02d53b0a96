/** The key that secrets are sealed with: from the environment, or a file in the data directory. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Fault } from "../kit/fault.ts";
import { type KeyRing, sealKeyOf } from "../kit/seal.ts";
import { createSecret } from "../kit/secret.ts";

export interface MasterKey {
  /** @throws {Fault} `BadRequest` where there is no key and none may be made */
  ring(): KeyRing;
  /**
   * Changes the key: `reseal` is to seal everything again with the ring it is given, which opens the old as well. A
   * crash on the way loses nothing. The operator changes a key that came from the environment by putting the new one
   * before the old.
   */
  rotate(reseal: (ring: KeyRing) => Promise<number>): Promise<number>;
}

const keyLengthMin = 32;

/**
 * @param place.data the data directory; undefined where nothing lies on local disk
 * @param place.given of `PETIOLE_MASTER_KEY`: a key, or several with white space between, the newest first
 * @throws {Fault} `InvalidParameter` when what is given is too short
 */
export function openMasterKey(place: {
  readonly data: string | undefined;
  readonly given: string | undefined;
}): MasterKey {
  const { data } = place;
  const given = (place.given ?? "").split(/\s+/).filter((each) => each !== "");
  if (given.some((each) => each.length < keyLengthMin))
    throw new Fault(
      "InvalidParameter",
      `PETIOLE_MASTER_KEY must have at least ${keyLengthMin} characters`,
    );
  if (given.length > 0) {
    const ring = given.map(sealKeyOf);
    return { ring: () => ring, rotate: async (reseal) => reseal(ring) };
  }
  if (data === undefined) {
    return { ring: refuse, rotate: async () => refuse() };
  }
  return openKeyFile(path.join(data, "master-key"));
}

function refuse(): never {
  throw new Fault("BadRequest", "secrets need PETIOLE_MASTER_KEY when the state is on MongoDB");
}

function openKeyFile(file: string): MasterKey {
  let known: readonly string[] | undefined;

  function read(): readonly string[] {
    try {
      return readFileSync(file, "utf8")
        .split(/\s+/)
        .filter((each) => each.length >= keyLengthMin);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw cause;
    }
  }

  /** In one step: a file that is half written would make every secret unreadable. */
  function write(next: readonly string[]): void {
    const draft = `${file}.new`;
    writeFileSync(draft, next.map((each) => `${each}\n`).join(""), { mode: 0o600, flush: true });
    renameSync(draft, file);
    known = next;
  }

  function keys(): readonly string[] {
    known ??= read();
    if (known.length === 0) write([createSecret(48)]);
    return known;
  }

  return {
    ring: () => keys().map(sealKeyOf),
    async rotate(reseal) {
      const newest = createSecret(48);
      write([newest, ...keys()]);
      const count = await reseal(keys().map(sealKeyOf));
      write([newest]);
      return count;
    },
  };
}
