/** One process per store: a file beside the data names the holder. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileName = "petiole.lock";
/** More than one round is needed only while others take over the same stale file. */
const roundsMax = 10;

/** Directories that this process holds: its own pid in a file says nothing. */
const held = new Set<string>();

/** The directory belongs to another process, or to another part of this one. */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`data directory ${directory} is in use by process ${pid}`);
    this.pid = pid;
  }
}

/**
 * Takes the directory for this process; a holder that died is replaced.
 *
 * @returns lets go of it again
 * @throws {DirectoryInUse} when a process that runs holds it
 */
export function lockDirectory(directory: string): () => void {
  if (held.has(directory)) throw new DirectoryInUse(directory, process.pid);
  const path = join(directory, fileName);
  const own = `${process.pid} ${startOf(process.pid) ?? "?"}\n`;
  for (let round = 0; round < roundsMax; round += 1) {
    if (create(path, own)) {
      held.add(directory);
      return () => {
        if (held.delete(directory) && read(path) === own) rmSync(path, { force: true });
      };
    }
    const found = read(path);
    if (found === undefined) continue;
    const pid = holderOf(found);
    if (pid !== undefined) throw new DirectoryInUse(directory, pid);
    moveAway(path, found, directory);
  }
  throw new DirectoryInUse(directory, Number.parseInt(read(path) ?? "0", 10));
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The pid in the file, if that very process still runs; a pid is given out again, its start time is not. */
function holderOf(content: string): number | undefined {
  const [pidText = "", start = ""] = content.trim().split(" ");
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (pid === process.pid || !isRunning(pid)) return undefined;
  const startNow = startOf(pid);
  return startNow === undefined || start === "?" || start === startNow ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in the kernel's ticks; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name, in parentheses, may hold spaces: the fields are counted after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    // No /proc, or the process has just ended: the pid alone must do.
    return undefined;
  }
}

/** Moves a stale file away; if another process replaced it in between, its file is put back. */
function moveAway(path: string, stale: string, directory: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = read(aside);
  if (moved !== stale && moved !== undefined) {
    linkSync(aside, path);
    rmSync(aside, { force: true });
    throw new DirectoryInUse(directory, Number.parseInt(moved, 10));
  }
  rmSync(aside, { force: true });
}
