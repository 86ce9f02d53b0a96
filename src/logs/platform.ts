/** What a client's `User-Agent` says it is: the original knew it from its own clients, and browsers name themselves last. */
import type { ClientFacts } from "./log-entry.ts";

const browsers: readonly (readonly [name: string, form: RegExp])[] = [
  ["edge", /\bEdg\/([\w.]+)/],
  ["opera", /\bOPR\/([\w.]+)/],
  ["firefox", /\bFirefox\/([\w.]+)/],
  ["chrome", /\bChrome\/([\w.]+)/],
  ["safari", /\bVersion\/([\w.]+) (?:Mobile\/\w+ )?Safari\//],
];

export function platformOf(
  userAgent: string,
): Pick<ClientFacts, "platform" | "platformVersion"> | undefined {
  for (const [platform, form] of browsers) {
    const platformVersion = form.exec(userAgent)?.[1];
    if (platformVersion !== undefined) return { platform, platformVersion };
  }
  const [, platform, platformVersion = ""] = /^([\w.-]+)(?:\/([\w.+-]+))?/.exec(userAgent) ?? [];
  return platform === undefined ? undefined : { platform, platformVersion };
}
