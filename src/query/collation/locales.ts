/** The locales that the server's ICU has collations for, and their names for `Intl`. */

const languages =
  "af am ar as az be bg bn bo bs ca chr cs cy da de dsb dz ee el en eo es et fa fi fil fo fr ga gl gu ha haw he hi hr " +
  "hsb hu hy id ig is it ja ka kk kl km kn ko kok ky lb lkt ln lo lt lv mk ml mn mr ms mt my nb ne nl nn om or pa pl ps " +
  "pt ro ru se si sk sl smn sq sr sv sw ta te th to tr ug uk ur vi wae yi yo zh zu " +
  "bs_Cyrl sr_Latn zh_Hant de_AT en_US en_US_POSIX fa_AF fr_CA";
const locales: ReadonlySet<string> = new Set(languages.split(" "));

/** Variants: the server's name, then that of `Intl`, and the locales that have it; none named: all. */
const variants: ReadonlyMap<
  string,
  { readonly tag: string; readonly locales?: readonly string[] }
> = new Map([
  ["search", { tag: "search" }],
  ["eor", { tag: "eor" }],
  ["emoji", { tag: "emoji" }],
  ["compat", { tag: "compat", locales: ["ar"] }],
  ["traditional", { tag: "trad", locales: ["bn", "es", "fi", "kn", "vi"] }],
  ["phonebook", { tag: "phonebk", locales: ["de", "de_AT"] }],
  ["unihan", { tag: "unihan", locales: ["ja", "ko", "zh", "zh_Hant"] }],
  ["searchjl", { tag: "searchjl", locales: ["ko"] }],
  ["phonetic", { tag: "phonetic", locales: ["ln"] }],
  ["dictionary", { tag: "dict", locales: ["si"] }],
  ["standard", { tag: "standard", locales: ["sv", "zh", "zh_Hant"] }],
  ["stroke", { tag: "stroke", locales: ["zh"] }],
  ["zhuyin", { tag: "zhuyin", locales: ["zh", "zh_Hant"] }],
  ["pinyin", { tag: "pinyin", locales: ["zh_Hant"] }],
  // Newer ICUs do not have these two any more: the locale's own order stands in for them.
  ["big5han", { tag: "big5han", locales: ["zh", "zh_Hant"] }],
  ["gb2312han", { tag: "gb2312", locales: ["zh", "zh_Hant"] }],
]);

export interface KnownLocale {
  /** For `Intl.Collator`. */
  readonly tag: string;
  readonly usage: "sort" | "search";
}

const variantForm = /^([^@]*)@collation=([a-z0-9]+)$/;

/** @returns undefined where the server has no such locale */
export function findLocale(locale: string): KnownLocale | undefined {
  const [, base = locale, variant] = variantForm.exec(locale) ?? [];
  if (!locales.has(base)) return undefined;
  const tag = base === "en_US_POSIX" ? "en-US-u-va-posix" : base.replaceAll("_", "-");
  if (variant === undefined) return { tag, usage: "sort" };
  const known = variants.get(variant);
  if (known === undefined || known.locales?.includes(base) === false) return undefined;
  if (known.tag === "search") return { tag, usage: "search" };
  return { tag: `${tag}${tag.includes("-u-") ? "" : "-u"}-co-${known.tag}`, usage: "sort" };
}

/** The nearest locale that there is: what the error for an unknown one proposes. */
export function suggestLocale(locale: string): string | undefined {
  const parts = locale.replace(/@.*$/, "").split(/[_-]/).map(inCase);
  for (let length = parts.length; length > 0; length -= 1) {
    const candidate = parts.slice(0, length).join("_");
    if (locales.has(candidate)) return candidate;
  }
  return undefined;
}

/** Languages are written small, scripts with a capital, regions large. */
function inCase(part: string, index: number): string {
  if (index === 0) return part.toLowerCase();
  if (part.length === 4) return part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();
  return part.toUpperCase();
}
