/** Failures of a command → one clear line and an exit code. */
import { CommanderError } from "commander";
import { Fault } from "../kit/fault.ts";

/** 2: called wrongly; 1: everything else. */
export function exitCodeOf(cause: unknown): number {
  if (cause instanceof CommanderError) return 2;
  return cause instanceof Fault && cause.code === "InvalidParameter" ? 2 : 1;
}

interface SystemError extends Error {
  readonly code?: string | number;
  readonly syscall?: string;
  readonly path?: string;
  readonly port?: number;
  readonly address?: string;
}

/** What is wrong, in one line. */
export function sayFailure(cause: unknown): string {
  if (cause instanceof CommanderError)
    return cause.message.replace(/^error: /, "").replaceAll("\n", " ");
  if (!(cause instanceof Error)) return String(cause);
  return firstLine(saySystemError(cause));
}

function saySystemError(error: SystemError): string {
  const { code, path, message } = error;
  const where = path ?? "the data directory";
  switch (code) {
    case "EADDRINUSE":
      return `port ${error.port} on ${error.address} is in use by another program`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `can not listen on ${error.address ?? "this address"}: it is no address of this machine`;
    case "EACCES":
      return error.syscall === "listen"
        ? `not allowed to listen on port ${error.port}`
        : `not allowed to read or write ${where}`;
    case "ENOSPC":
      return `no space left on the device for ${where}`;
    case "EROFS":
      return `${where} lies on a read-only file system`;
    case "ENOTDIR":
    case "EEXIST":
      return `${where} is in the way: ${message}`;
    case "ENOENT":
      return `${where} is not there`;
    default:
      return message;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
