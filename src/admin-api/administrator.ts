/** Who calls the admin API. */
import type { FastifyRequest } from "fastify";
import type { AdminRole } from "../auth/administrators.ts";
import { Fault } from "../kit/fault.ts";
import { equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import type { AdminServices } from "./admin-services.ts";

export interface Caller {
  /** 24 hex digits; the group's own for whoever holds the data directory. */
  readonly id: string;
  /** E-mail address, public key, or `local`. */
  readonly name: string;
  readonly role: AdminRole;
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** @throws {Fault} `InvalidSession` when nobody, or somebody else, calls */
export function mustBeAdministrator(request: FastifyRequest, services: AdminServices): Caller {
  const token = bearerOf(request);
  if (token !== undefined) {
    if (equalsInConstantTime(hashSecret(token), services.adminTokenHash))
      return { id: services.groupId, name: "local", role: "owner" };
    const claims = services.sessions.read(token);
    const role = claims === undefined ? undefined : services.administrators.roleOf(claims.subject);
    if (claims !== undefined && role !== undefined)
      return { id: claims.subject, name: claims.name, role };
  }
  throw new Fault("InvalidSession", "invalid session");
}
