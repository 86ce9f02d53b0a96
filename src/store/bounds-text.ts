/** How `explain` shows a bound that is scanned from its other end. */

/** `[1, 5)` becomes `(5, 1]`. */
export function turned(text: string): string {
  const comma = text.indexOf(", ");
  const open = text.endsWith("]") ? "[" : "(";
  const close = text.startsWith("[") ? "]" : ")";
  return `${open}${text.slice(comma + 2, -1)}, ${text.slice(1, comma)}${close}`;
}
