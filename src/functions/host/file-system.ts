/** The `fs` of functions: the files of their packages, to read; nothing else is there. */
import {
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from "node:fs";
import path from "node:path";

type Call = (...given: unknown[]) => unknown;

/** Set once, before user code runs. */
let root: string | undefined;

/** @param directory holds the packages; files outside it do not exist */
export function allowFiles(directory: string | undefined): void {
  root = directory === undefined ? undefined : realpathSync(directory);
}

function notThere(name: string, file: unknown): Error {
  const message = `ENOENT: no such file or directory, ${name} '${String(file)}'`;
  return Object.assign(new Error(message), { code: "ENOENT", errno: -2, syscall: name });
}

function notAllowed(name: string): Error {
  const message = `EACCES: permission denied, ${name}: files can not be written in functions`;
  return Object.assign(new Error(message), { code: "EACCES", errno: -13, syscall: name });
}

/** The real path of a file below the packages. */
function mustBeInside(name: string, given: unknown): string {
  const file = given instanceof URL ? given.pathname : given;
  if (root === undefined || typeof file !== "string") throw notThere(name, given);
  const found = path.resolve(root, file);
  let real: string;
  try {
    real = realpathSync(found);
  } catch {
    throw notThere(name, given);
  }
  if (real !== root && !real.startsWith(root + path.sep)) throw notThere(name, given);
  return real;
}

const reading: Readonly<Record<string, (file: string, options: unknown) => unknown>> = {
  readFile: (file, options) => readFileSync(file, options as "utf8"),
  stat: (file) => statSync(file),
  lstat: (file) => lstatSync(file),
  readdir: (file, options) => readdirSync(file, options as "utf8"),
  realpath: (file) => file,
  access: () => undefined,
};

const writing = [
  "appendFile",
  "chmod",
  "chown",
  "copyFile",
  "cp",
  "link",
  "mkdir",
  "mkdtemp",
  "open",
  "read",
  "write",
  "close",
  "rename",
  "rm",
  "rmdir",
  "symlink",
  "truncate",
  "unlink",
  "utimes",
  "watch",
  "watchFile",
  "writeFile",
];

/** There to be inherited from, and to be compared with. */
function inherited(): void {}

function stream(): never {
  throw notAllowed("open");
}

function exists(file: unknown): boolean {
  try {
    return existsSync(mustBeInside("access", file));
  } catch {
    return false;
  }
}

function build(): Readonly<Record<string, unknown>> {
  const fs: Record<string, unknown> = { constants };
  const promises: Record<string, unknown> = { constants };
  const add = (name: string, run: Call): void => {
    fs[`${name}Sync`] = run;
    promises[name] = async (...given: unknown[]) => run(...given);
    fs[name] = (...given: unknown[]) => {
      const callback = given.at(-1) as (cause: unknown, value?: unknown) => void;
      if (typeof callback !== "function")
        throw new TypeError('The "cb" argument must be of type function');
      let outcome: readonly [unknown, unknown?];
      try {
        outcome = [null, run(...given.slice(0, -1))];
      } catch (cause) {
        outcome = [cause];
      }
      setImmediate(() => {
        callback(...(outcome as [unknown, unknown]));
      });
    };
  };
  for (const [name, read] of Object.entries(reading))
    add(name, (file, options) => read(mustBeInside(name, file), options));
  for (const name of writing)
    add(name, () => {
      throw notAllowed(name);
    });
  const realpath = Object.assign(fs["realpathSync"] as Call, { native: fs["realpathSync"] });
  Object.assign(fs, {
    realpathSync: realpath,
    existsSync: exists,
    exists: (file: unknown, callback: (found: boolean) => void) => {
      setImmediate(() => {
        callback(exists(file));
      });
    },
    createReadStream: stream,
    createWriteStream: stream,
    promises: Object.freeze(promises),
    // Some packages extend them when they are loaded.
    ReadStream: inherited,
    WriteStream: inherited,
    Stats: inherited,
  });
  return Object.freeze(fs);
}

export const harmlessFs: Readonly<Record<string, unknown>> = build();
