import { expect, test } from "vitest";
import { Fault } from "../kit/fault.ts";
import { exitCodeOf, sayFailure } from "./failure.ts";

function systemError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code}: what the system says\nand more`), { code, ...more });
}

test.for<[cause: unknown, code: number, line: string]>([
  [new Fault("InvalidParameter", "--port must be"), 2, "--port must be"],
  [new Fault("APIKeyNotFound", "there is no key"), 1, "there is no key"],
  [systemError("EACCES", { path: "/data" }), 1, "not allowed to read or write /data"],
  [systemError("EACCES", { syscall: "listen", port: 80 }), 1, "not allowed to listen on port 80"],
  [systemError("ENOSPC"), 1, "no space left on the device for the data directory"],
  [systemError("EROFS", { path: "/data" }), 1, "/data lies on a read-only file system"],
  [systemError("EWHAT"), 1, "EWHAT: what the system says"],
  [new TypeError("a bug"), 1, "a bug"],
  ["a text", 1, "a text"],
])("failure: %s", ([cause, code, line]) => {
  expect([exitCodeOf(cause), sayFailure(cause)]).toEqual([code, line]);
});
