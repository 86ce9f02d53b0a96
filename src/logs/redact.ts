/**
 * Takes secrets out of what is going to be logged.
 *
 * Three nets: names (a field called `password`), forms (a JWT, a key, a password in a URL), and the secrets that are
 * known: those of the app, and the credentials of the request itself. Headers go the other way round: only those of
 * `plainHeaders` are shown at all, since nobody can know what a client's own header holds.
 */

/** What stands in the log instead. */
export const redacted = "[redacted]";

/** Longer texts are cut: a log is no second copy of the data. */
const textCharsMax = 4096;
const valueCharsMax = 1024;
const headersMax = 60;

/** A shorter text would be found everywhere. */
const knownCharsMin = 6;

/** Of a field, a header or a parameter. */
export const secretName =
  /pass(?:word|wd|phrase)|secret|token|api[-_ ]?key|authorization|cookie|credential|private[-_ ]?key|session|jwt|signature|^(?:auth|key|pwd|pin|otp|code|sig)$/i;

/** Names, lower case, of headers whose values say nothing that must stay hidden. */
export const plainHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "access-control-request-headers",
  "access-control-request-method",
  "cache-control",
  "connection",
  "content-encoding",
  "content-language",
  "content-type",
  "date",
  "dnt",
  "expect",
  "forwarded",
  "from",
  "host",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-unmodified-since",
  "keep-alive",
  "max-forwards",
  "origin",
  "pragma",
  "priority",
  "range",
  "referer",
  "sec-ch-ua",
  "sec-ch-ua-mobile",
  "sec-ch-ua-platform",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "te",
  "traceparent",
  "transfer-encoding",
  "upgrade-insecure-requests",
  "user-agent",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
  "x-realm-op-name",
  "x-requested-with",
]);

/** Different with each request, and known from elsewhere: without it, the headers of one client are alike. */
export const untoldHeader = "content-length";

export interface Redactor {
  /** Name in lower case → value. @param raw names and values in turn, as `IncomingMessage.rawHeaders` */
  headers(raw: readonly string[]): Readonly<Record<string, string>>;
  /** Path and query of a request. */
  url(url: string): string;
  /** A message, a console line. */
  text(text: string): string;
  /** A body or a list of arguments: JSON by its names, anything else as a text. */
  body(bytes: Uint8Array): string;
}

/** @param known secrets that must not appear, whatever name they go by */
export function createRedactor(known: readonly string[]): Redactor {
  const secrets = known
    .filter((each) => each.length >= knownCharsMin)
    // The longest first: one may hold another.
    .toSorted((a, b) => b.length - a.length);
  const text = (given: string): string => {
    let shown = given;
    // Before it is cut: half a secret is one too.
    for (const secret of secrets)
      if (shown.includes(secret)) shown = shown.replaceAll(secret, redacted);
    return hideForms(cut(shown, textCharsMax));
  };
  return {
    headers(raw) {
      const shown = new Map<string, string>();
      for (let at = 0; at + 1 < raw.length && shown.size < headersMax; at += 2) {
        const name = cut((raw[at] ?? "").toLowerCase(), 100);
        if (name === untoldHeader) continue;
        const isPlain = plainHeaders.has(name);
        const value = isPlain
          ? hideQuery(text(cut(raw[at + 1] ?? "", valueCharsMax)), text)
          : redacted;
        const former = shown.get(name);
        shown.set(
          isPlain ? name : text(name),
          former === undefined ? value : `${former}, ${value}`,
        );
      }
      return Object.fromEntries(shown);
    },
    url: (url) => hideQuery(cut(url, textCharsMax), text),
    text,
    body(bytes) {
      const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
      return text(hideFields(given));
    },
  };
}

function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`;
}

/** The values of a query's secret names; the path, and other values, by their forms. */
function hideQuery(url: string, hide: (text: string) => string): string {
  const start = url.indexOf("?");
  if (start < 0) return hide(url);
  const pairs = url.slice(start + 1).split("&");
  const shown = pairs.map((pair) => {
    const end = pair.indexOf("=");
    if (end < 0) return hideEncoded(pair, hide);
    const name = pair.slice(0, end);
    if (secretName.test(decode(name))) return `${name}=${redacted}`;
    return `${name}=${hideEncoded(pair.slice(end + 1), hide)}`;
  });
  return `${hide(url.slice(0, start))}?${shown.join("&")}`;
}

/** As it came, unless there is something to hide in it once it is decoded. */
function hideEncoded(part: string, hide: (text: string) => string): string {
  const decoded = decode(part);
  const shown = looksRandom(decoded) ? redacted : hide(decoded);
  return shown === decoded ? part : shown;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("+", " "));
  } catch {
    // Not encoded after all: looked at as it came.
    return part;
  }
}

/** A query's value of more than 24 letters and digits without a break is a key more often than anything else. */
function looksRandom(value: string): boolean {
  return (
    value.length > 24 &&
    /^[\w\-.~+/=]+$/.test(value) &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !isUuid.test(value) &&
    !isMoment.test(value)
  );
}

const isUuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const isMoment = /^\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-][\d:]+)?$/;

/** Each begins at a fixed word or character, so that none of them can be led into trying again and again. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, redacted],
  [/\b(Bearer|Basic|Digest)\s{1,4}[\w+/=.~-]{6,}/gi, `$1 ${redacted}`],
  [/:\/\/[^\s/@?#"']{1,256}@/g, `://${redacted}@`],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g, redacted],
  [
    /((?:pass(?:word|wd|phrase)|secret|token|api[-_]?key|authorization|credential|private[-_]?key)[\w-]{0,32}\\{0,3}["']?\s{0,4}[:=]\s{0,4})(\\{0,3}"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&}\])"']+)/gi,
    `$1${redacted}`,
  ],
  // 40 letters and digits of all kinds in a row: our own keys have 64.
  [/\b(?=[A-Z0-9]*[a-z])(?=[a-z0-9]*[A-Z])(?=[A-Za-z]*\d)[A-Za-z0-9]{40,}/g, redacted],
];

/** What each form has in it: most texts have nothing, and need be looked through but once. */
const anyForm =
  /eyJ|bearer|basic|digest|:\/\/|-----B|pass|secret|token|api[-_]?key|authorization|credential|private|[A-Za-z0-9]{40}/i;

function hideForms(text: string): string {
  if (!anyForm.test(text)) return text;
  return forms.reduce((shown, [form, instead]) => shown.replace(form, instead), text);
}

export const parsedCharsMax = 65_536;
export const depthMax = 20;

/** A name that `secretName` takes holds one of these; one with an escape in it may hold anything. */
const anyName =
  /pass|secret|token|api|authorization|cookie|credential|private|session|jwt|signature|auth|key|pwd|pin|otp|code|sig|\\|%/i;

/** Whether a field of a text may have a name that speaks of a secret. */
export function mayNameSecrets(text: string): boolean {
  return anyName.test(text);
}

/** JSON whose secret fields are hidden; any other text, and JSON without such, as it is. */
function hideFields(text: string): string {
  if (text.length > parsedCharsMax) return cut(text, textCharsMax);
  if (!mayNameSecrets(text)) return text;
  try {
    return JSON.stringify(hideWithin(JSON.parse(text), 0));
  } catch {
    return text;
  }
}

function hideWithin(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > depthMax) return redacted;
  if (Array.isArray(value)) return value.map((each) => hideWithin(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      secretName.test(name) ? redacted : hideWithin(each, depth + 1),
    ]),
  );
}
