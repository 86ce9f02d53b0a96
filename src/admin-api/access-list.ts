import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { type AccessEntry, isAddressRange, mayCallFrom } from "../config/access-list.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";

const newEntry = Type.Object({
  address: Type.Optional(Type.String({ maxLength: 64 })),
  comment: Type.Optional(Type.String({ maxLength: 500 })),
  /** Of the original's tool, which leaves the address empty then. */
  use_current: Type.Optional(Type.Boolean()),
});
type NewEntry = Static<typeof newEntry>;

interface AppParams {
  readonly appId: string;
}
interface EntryParams extends AppParams {
  readonly entryId: string;
}

/** What a list begins with that nobody has changed. */
const everybody: Omit<AccessEntry, "id"> = { address: "0.0.0.0/0", comment: "" };
const entriesMax = 200;

/** `/groups/{g}/apps/{a}/security/access_list`: from where an app may be called. */
export function accessListRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const base = "/apps/:appId/security/access_list";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) => {
      const app = apps.must(request.params.appId);
      const current = services.clientAddress(request.raw);
      return {
        current_ip: current,
        allowed_ips: listOf(app.id, app.accessList).map((entry) => describe(entry, current)),
      };
    });
    instance.post<{ Params: AppParams; Body: NewEntry }>(
      base,
      { schema: { body: newEntry } },
      async (request, reply) => {
        const { id } = apps.must(request.params.appId);
        const current = services.clientAddress(request.raw);
        const { use_current: usesCurrent, comment = "" } = request.body;
        const address = mustBeAddress(usesCurrent === true ? current : request.body.address);
        const made = { id: services.newId().toHex(), address, comment };
        await apps.changeAccessList(id, (list) => {
          const former = listOf(id, list);
          if (former.some((each) => each.address === address))
            throw new Fault("BadRequest", `'${address}' is on the access list already`);
          if (former.length >= entriesMax)
            throw new Fault("BadRequest", `an access list has at most ${entriesMax} entries`);
          return [...former, made];
        });
        return reply.code(201).send(describe(made, current));
      },
    );
    instance.patch<{ Params: EntryParams; Body: NewEntry }>(
      `${base}/:entryId`,
      { schema: { body: newEntry } },
      async (request) => {
        const { appId, entryId } = request.params;
        const { address, comment } = request.body;
        let made: AccessEntry | undefined;
        await apps.changeAccessList(appId, (list) => {
          const former = listOf(appId, list);
          const found = mustFind(former, entryId);
          made = {
            id: found.id,
            // The original's tool sends an address that stays as an empty one.
            address:
              address === undefined || address === "" ? found.address : mustBeAddress(address),
            comment: comment ?? found.comment,
          };
          const next = made;
          return former.map((each) => (each.id === entryId ? next : each));
        });
        return made === undefined ? {} : describe(made, services.clientAddress(request.raw));
      },
    );
    instance.delete<{ Params: EntryParams }>(`${base}/:entryId`, async (request, reply) => {
      const { appId, entryId } = request.params;
      await apps.changeAccessList(appId, (list) => {
        const former = listOf(appId, list);
        mustFind(former, entryId);
        return former.filter(({ id }) => id !== entryId);
      });
      return reply.code(204).send();
    });
  };
}

/** An app that has no list has this one: its id is the app's, so that it can be changed and deleted. */
function listOf(appId: string, list: readonly AccessEntry[] | undefined): readonly AccessEntry[] {
  return list ?? [{ id: appId, ...everybody }];
}

function describe(entry: AccessEntry, current: string): object {
  const { id, address, comment } = entry;
  return { _id: id, address, comment, includes_current: mayCallFrom([entry], current) };
}

function mustBeAddress(text: string | undefined): string {
  if (text !== undefined && isAddressRange(text)) return text;
  throw new Fault("InvalidParameter", "address must be an IP address or a range as in 10.0.0.0/8");
}

function mustFind(list: readonly AccessEntry[], id: string): AccessEntry {
  const found = list.find((each) => each.id === id);
  if (found === undefined) throw new Fault("NotFound", "access list entry not found");
  return found;
}
