/** Paths of routes in one form, so that what a request asks for and what a configuration says can be compared. */

/** What needs no escape: of a path, these stand for themselves. */
const plain = /^[\w.~!$&'()*+,;=:@-]*$/;

/**
 * The form in which routes are compared: doubled slashes and one at the end count for nothing, and what is escaped is
 * what it stands for. An escaped slash stays one: `/a%2Fb` is not `/a/b`.
 *
 * @param parts decoded
 */
export function routePathOf(parts: readonly string[]): string {
  let path = "";
  for (const part of parts) path += `/${plain.test(part) ? part : encodeURIComponent(part)}`;
  return path === "" ? "/" : path;
}

/** The parts of a path, decoded. */
export function partsOfPath(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return path.includes("%") ? parts.map(decode) : parts;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A lone "%" names nothing that exists, and is looked up as it came.
  }
}
