/** Names of files and folders: which may be there at all, and how new ones are called. */

const segmentBytesMax = 255;
const pathBytesMax = 1024;
const depthMax = 24;

/**
 * Why a path can not be that of a file in an app's directory; undefined when it can.
 *
 * Paths come from archives and requests: one that leads out of the directory must never be written.
 */
export function refusePath(path: string): string | undefined {
  if (path === "") return "an empty path";
  if (path.includes("\0")) return "a NUL";
  if (path.includes("\\")) return "a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "an absolute path";
  if (Buffer.byteLength(path) > pathBytesMax) return `more than ${pathBytesMax} bytes`;
  const segments = path.split("/");
  if (segments.length > depthMax) return `more than ${depthMax} folders`;
  if (segments.some((each) => each === "..")) return "'..'";
  if (segments.some((each) => each === "" || each === ".")) return "an empty part or '.'";
  if (segments.some((each) => Buffer.byteLength(each) > segmentBytesMax))
    return `a name of more than ${segmentBytesMax} bytes`;
  return undefined;
}

/** A path in a message: control characters escaped, not too long. */
export function showPath(path: string): string {
  const text = JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
  return text.slice(1, -1);
}

/** Whether there is anything but white space. */
export function hasJsonText(text: string): boolean {
  return /[^\s\uFEFF]/.test(text);
}

/** The name of a file or folder that is named after something that may hold any character. */
export function fileNameOf(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_.-]/g, (each) =>
    encodeURIComponent(each).replace(/[*'()!~]/g, "_"),
  );
  return safe === "" || safe === "." || safe === ".." ? `_${safe}` : safe.slice(0, 200);
}

/** The name of a file without folders and ending. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
