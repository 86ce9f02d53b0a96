/**
 * Ends the processes that run user code when the server is killed: one that computes without a break never notices that
 * its pipe has closed, and would do so for ever.
 *
 * The guard is a small shell that knows their numbers and waits for the end of its input, which comes with the server's
 * end, whatever that is. A thread within those processes could do the same; but they are not to have threads.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

const script = `
all=' '
while read -r sign pid; do
  case $sign in
    +) all="$all$pid " ;;
    -) case "$all" in *" $pid "*) all="\${all%% $pid *} \${all#* $pid }" ;; esac ;;
  esac
done
for pid in $all; do kill -9 "$pid"; done`;

const watched = new Set<number>();
let guard: ChildProcess | undefined;

/** @returns what is to be called when the process has ended; its number may be another's then */
export function endWithServer(pid: number | undefined): () => void {
  if (pid === undefined || process.platform === "win32") return () => {};
  watched.add(pid);
  if (guard === undefined) guard = start();
  else tell(guard, "+", pid);
  return () => {
    if (!watched.delete(pid)) return;
    if (guard !== undefined) tell(guard, "-", pid);
  };
}

function start(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", script], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    // What a terminal sends to all that run in it is not for the guard.
    detached: true,
  });
  const forget = (): void => {
    if (guard === child) guard = undefined;
  };
  // Where there is no shell, the server is alone in its container, and its end is that of all others in it.
  child.on("error", forget);
  child.on("exit", forget);
  child.stdin?.on("error", forget);
  child.unref();
  (child.stdin as Socket | null)?.unref();
  for (const pid of watched) tell(child, "+", pid);
  return child;
}

function tell({ stdin }: ChildProcess, sign: "+" | "-", pid: number): void {
  if (stdin?.writable === true) stdin.write(`${sign} ${pid}\n`);
}
