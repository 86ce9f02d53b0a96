/**
 * Looks at every connection of this process where it is made: below `net`, `tls`, `http` and `fetch`, with the address
 * that a name has led to.
 */
import { createSocket } from "node:dgram";
import { connect, createServer, Socket } from "node:net";
import type { AddressRules } from "../addresses.ts";
import { currentCall, type RunningCall } from "./current-call.ts";

/** Open at once, per call. */
const socketsMax = 25;

type Native = Record<string, (...given: unknown[]) => unknown>;

/** As `UV_EACCES`: what Node's modules understand. */
const denied = -13;

export function guardNetwork(rules: AddressRules): void {
  const tcp = prototypeOfTcp();
  guardTcp(tcp, rules);
  guardUdp(prototypeOfUdp(), rules);
  guardPipes();
}

function prototypeOfTcp(): Native {
  const probe = connect({ port: 9, host: "127.0.0.1" });
  probe.on("error", () => {});
  // oxlint-disable-next-line no-underscore-dangle
  const handle = (probe as unknown as { readonly _handle: object })._handle;
  const prototype = Object.getPrototypeOf(handle) as Native;
  probe.destroy();
  return prototype;
}

function prototypeOfUdp(): Native {
  const probe = createSocket("udp4");
  const state = Object.getOwnPropertySymbols(probe)
    .map((symbol) => (probe as unknown as Record<symbol, unknown>)[symbol])
    .find((each) => typeof each === "object" && each !== null && "handle" in each);
  const { handle } = state as { readonly handle: object };
  const prototype = Object.getPrototypeOf(handle) as Native;
  probe.close();
  return prototype;
}

function lock(target: Native, name: string, value: (...given: unknown[]) => unknown): void {
  Object.defineProperty(target, name, { value, writable: false, configurable: false });
}

function guardTcp(tcp: Native, rules: AddressRules): void {
  const owners = new WeakMap<object, RunningCall>();
  for (const name of ["connect", "connect6"]) {
    const original = tcp[name];
    if (original === undefined) continue;
    lock(tcp, name, function guarded(this: object, ...given: unknown[]) {
      const address = given[1];
      if (typeof address !== "string" || !rules.isAllowed(address)) return denied;
      const call = currentCall();
      if (call !== undefined) {
        if (call.sockets >= socketsMax) return denied;
        call.sockets += 1;
        owners.set(this, call);
      }
      return original.apply(this, given);
    });
  }
  for (const name of ["bind", "bind6", "listen", "open"]) lock(tcp, name, () => denied);
  const close = tcp["close"];
  if (close === undefined) return;
  lock(tcp, "close", function closed(this: object, ...given: unknown[]) {
    const call = owners.get(this);
    owners.delete(this);
    if (call !== undefined) call.sockets -= 1;
    return close.apply(this, given);
  });
}

function guardUdp(udp: Native, rules: AddressRules): void {
  // send(request, buffers, count, port, address, …) and connect(address, port)
  const addressAt: Readonly<Record<string, number>> = {
    send: 4,
    send6: 4,
    connect: 0,
    connect6: 0,
  };
  for (const [name, at] of Object.entries(addressAt)) {
    const original = udp[name];
    if (original === undefined) continue;
    lock(udp, name, function guarded(this: object, ...given: unknown[]) {
      const address = given[at];
      // A socket that is connected sends without an address; the one it has was looked at.
      const isOpen = typeof address !== "string" && name.startsWith("send");
      if (!isOpen && !(typeof address === "string" && rules.isAllowed(address))) return denied;
      return original.apply(this, given);
    });
  }
  lock(udp, "open", () => denied);
}

/** Sockets of the file system lead to other programs of this machine. */
function guardPipes(): void {
  const probe = createServer();
  probe.on("error", () => {});
  const socket = new Socket();
  socket.on("error", () => {});
  socket.connect({ path: "/nowhere" });
  // oxlint-disable-next-line no-underscore-dangle
  const handle = (socket as unknown as { readonly _handle: object | null })._handle;
  if (handle !== null) {
    const pipe = Object.getPrototypeOf(handle) as Native;
    for (const name of ["connect", "connect2", "bind", "listen", "open"])
      if (pipe[name] !== undefined) lock(pipe, name, () => denied);
  }
  socket.destroy();
}
