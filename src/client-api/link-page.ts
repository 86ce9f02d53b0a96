/** The page that asks a user whether an account elsewhere is to become a way into the account here. */
import type { User } from "../config/user.ts";

export interface LinkPage {
  readonly appName: string;
  /** As in `oauth2-google`. */
  readonly providerType: string;
  readonly user: User;
  /** Where the user goes from here. */
  readonly redirect: string;
  /** Goes with the answer. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Nothing but the form; no other page may show it in a frame. */
export function linkPageHeaders(redirect: string): Readonly<Record<string, string>> {
  // Browsers hold a form to this where it is redirected, too.
  const { protocol } = new URL(redirect);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${protocol}; frame-ancestors 'none'; base-uri 'none'`;
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
  };
}

export function toLinkPage({ appName, providerType, user, redirect, fields }: LinkPage): string {
  const provider = nameOf(providerType);
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Link an account</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
button { font: inherit; padding: .5rem 1.5rem }
</style>
<h1>Link an account</h1>
<p>Your ${escape(provider)} account becomes a way to log in to the account
<strong>${escape(describe(user))}</strong> of <strong>${escape(appName)}</strong>.</p>
<p>Go on only if you have begun this yourself at ${escape(siteOf(redirect))}. Otherwise close this window.</p>
<form method="post">${inputs.join("")}<button>Link it</button></form>
</html>
`;
}

function nameOf(providerType: string): string {
  const name = providerType.replace(/^oauth2-/, "");
  return name === "oidc" ? "other" : name.charAt(0).toUpperCase() + name.slice(1);
}

/** By what people know an account; by its id where there is nothing else. */
function describe({ id, data }: User): string {
  const known = data.get("email") ?? data.get("name");
  return typeof known === "string" && known !== "" ? known.slice(0, 254) : id;
}

function siteOf(redirect: string): string {
  const { host, protocol } = new URL(redirect);
  return host === "" ? protocol : host;
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (found) => entities.get(found) ?? found);
}
