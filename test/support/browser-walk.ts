/** A browser as far as redirects and cookies make one. */
export interface Walk {
  /** Follows redirects, and forms that submit themselves, until a page that `isThere`. @returns its address */
  to(url: string, isThere: (url: string) => boolean): Promise<string>;
  /** One request, which follows nothing. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

const stepsMax = 12;

export function createWalk(): Walk {
  /** By host and port; paths and ages are left to the servers' honesty. */
  const jars = new Map<string, Map<string, string>>();

  async function fetchWithCookies(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0)
      headers.set("Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";", 1);
      const at = pair.indexOf("=");
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  return {
    fetch: fetchWithCookies,
    async to(start, isThere) {
      let url = start;
      let init: RequestInit = {};
      for (let step = 0; step < stepsMax; step += 1) {
        if (isThere(url)) return url;
        const response = await fetchWithCookies(url, init);
        const location = response.headers.get("location");
        init = {};
        if (location !== null) {
          url = new URL(location, url).href;
          continue;
        }
        const form = readForm(await response.text(), url);
        if (form === undefined) throw new Error(`${response.status} at ${url} leads nowhere`);
        url = form.action;
        init = { method: "POST", body: form.fields };
      }
      throw new Error("too many redirects");
    },
  };
}

/** @param url of the page, where a form goes that names no other place */
function readForm(
  html: string,
  url: string,
): { readonly action: string; readonly fields: URLSearchParams } | undefined {
  const [form] = /<form[^>]*>/.exec(html) ?? [];
  if (form === undefined) return undefined;
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? url.replace(/[?#].*$/s, "");
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields.set(name, unescape(/value="([^"]*)"/.exec(input)?.[1] ?? ""));
  }
  return { action: unescape(action), fields };
}

function unescape(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}
