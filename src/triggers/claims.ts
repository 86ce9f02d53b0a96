/**
 * Which node runs a trigger, and when it last did: a document per trigger in the internal database.
 *
 * A tick is claimed by one conditional write, so that of many nodes one runs it, and none runs it again.
 */
import { Doc } from "../bson/doc.ts";
import { DateTime } from "../bson/value.ts";
import { duplicateIndexOf, type StateStore } from "../config/state-store.ts";

export interface Claims {
  /**
   * Claims a tick: true for one caller alone, and only while no earlier run of this trigger goes on.
   *
   * @param name of the trigger
   * @param tick the minute that it is due in, in milliseconds since 1970
   */
  claim(appId: string, name: string, tick: number): Promise<boolean>;
  /** Says that the run has ended. */
  release(appId: string, name: string, tick: number): Promise<void>;
}

const collectionName = "trigger_runs";

/** @param runMsMax after which a run counts as ended, since its node may have died */
export function openClaims(environment: {
  readonly state: StateStore;
  readonly now: () => number;
  readonly runMsMax: number;
}): Claims {
  const { state, now, runMsMax } = environment;
  const collection = state.collection(collectionName);
  return {
    async claim(appId, name, tick) {
      const id = `${appId}/${name}`;
      const filter = Doc.of({
        _id: id,
        tick: Doc.of({ $lt: new DateTime(tick) }),
        running_until: Doc.of({ $not: Doc.of({ $gt: new DateTime(now()) }) }),
      });
      const change = Doc.of({
        $set: Doc.of({
          tick: new DateTime(tick),
          running_until: new DateTime(now() + runMsMax),
        }),
      });
      const { matchedCount } = await collection.updateOne(filter, change);
      if (matchedCount > 0) return true;
      try {
        await collection.insertOne(
          Doc.of({
            _id: id,
            tick: new DateTime(tick),
            running_until: new DateTime(now() + runMsMax),
          }),
        );
        return true;
      } catch (error) {
        // It has run before; so another node was faster, or it is running still.
        if (duplicateIndexOf(error) === undefined) throw error;
        return false;
      }
    },
    async release(appId, name, tick) {
      const filter = Doc.of({ _id: `${appId}/${name}`, tick: new DateTime(tick) });
      await collection.updateOne(filter, Doc.of({ $unset: Doc.of({ running_until: "" }) }));
    },
  };
}
