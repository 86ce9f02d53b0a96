/** Texts without regard to case and marks, as text search compares them. */

/** Letters whose folded form is another than their lower case. */
const oddFolds: ReadonlyMap<string, string> = new Map([
  ["µ", "μ"],
  ["ſ", "s"],
  ["\u0345", "ι"],
  ["ς", "σ"],
  ["ϐ", "β"],
  ["ϑ", "θ"],
  ["ϕ", "φ"],
  ["ϖ", "π"],
  ["ϰ", "κ"],
  ["ϱ", "ρ"],
  ["ϵ", "ε"],
  ["ẛ", "ṡ"],
  ["\u1FBE", "ι"],
  // Folded in Turkish only.
  ["İ", "İ"],
]);
// oxlint-disable-next-line no-control-regex
const ascii = /^[\u0000-\u007F]*$/;

/** @param isTurkish whether `I` and `İ` are the capitals of `ı` and `i` */
export function foldCase(text: string, isTurkish: boolean): string {
  if (isTurkish) return foldPlain(text.replaceAll("I", "ı").replaceAll("İ", "i"));
  return foldPlain(text);
}

function foldPlain(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  // Letter by letter: elsewhere the lower case of a letter may depend on its neighbours.
  return Array.from(text, (letter) => {
    const found = oddFolds.get(letter);
    return found ?? letter.toLowerCase();
  }).join("");
}

/** Without accents and other marks. */
export function stripMarks(text: string): string {
  if (ascii.test(text)) return text.replaceAll(/[\^`]/g, "");
  return text
    .normalize("NFD")
    .replaceAll(/\p{Diacritic}/gu, "")
    .normalize("NFC");
}
