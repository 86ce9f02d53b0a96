/** Mail of confirmations and resets: over SMTP, or into a folder where there is no mail server. */
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../kit/fault.ts";
import type { Mail, Mailer } from "./email-password.ts";

export interface MailSettings {
  /** `smtp://…` or `smtps://…`, with user and password where the mail server wants them. */
  readonly smtp: string | undefined;
  /** Where mails are written to instead, a file each. */
  readonly mailDir: string | undefined;
  /** As in `Shop <shop@example.org>`; made of `publicUrl` when absent. */
  readonly mailFrom: string | undefined;
  readonly publicUrl: string | undefined;
}

/** How long the mail server may stay silent, in milliseconds. */
const silenceMsMax = 15_000;

/**
 * @returns undefined where nothing says how to send mail
 * @throws {Fault} `InvalidParameter` for an address that is none
 */
export function createMailer(settings: MailSettings): Mailer | undefined {
  const { smtp, mailDir } = settings;
  const from = readSender(settings);
  if (smtp !== undefined) return createSmtpMailer(readSmtp(smtp), from);
  return mailDir === undefined ? undefined : createFileMailer(mailDir, from);
}

interface Sender {
  readonly name: string;
  readonly address: string;
}

function readSender({ mailFrom, publicUrl }: MailSettings): Sender {
  if (mailFrom === undefined) {
    const host = publicUrl === undefined ? "localhost" : new URL(publicUrl).hostname;
    return { name: "", address: `no-reply@${host}` };
  }
  const named = /^\s*"?([^"<>\r\n]*?)"?\s*<([^<>\s,]+@[^<>\s,]+)>\s*$/.exec(mailFrom);
  const address = named?.[2] ?? mailFrom.trim();
  if (/^[^<>\s,]+@[^<>\s,]+$/.test(address)) return { name: named?.[1] ?? "", address };
  throw new Fault("InvalidParameter", "--mail-from must be an e-mail address, or NAME <ADDRESS>");
}

interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on. */
  readonly secure: boolean;
  /** A password goes over no plain connection but to this machine. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

function readSmtp(text: string): SmtpServer {
  const url = parseUrl(text);
  // The message must not hold the URL, and with it a password.
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "")
    throw new Fault("InvalidParameter", "--smtp must be smtp://HOST:PORT or smtps://HOST:PORT");
  const secure = url.protocol === "smtps:";
  const user = decodeURIComponent(url.username);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !isLocal && user !== "",
    ...(user !== "" && { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function createSmtpMailer(server: SmtpServer, from: Sender): Mailer {
  const open = async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport({
      ...server,
      connectionTimeout: silenceMsMax,
      greetingTimeout: silenceMsMax,
      socketTimeout: silenceMsMax,
      // Nothing of a mail is fetched or read from disk, whatever it holds.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  let transport: ReturnType<typeof open> | undefined;
  return {
    async send({ to, subject, text, link }) {
      transport ??= open();
      const opened = await transport;
      await opened.sendMail({
        from,
        // As an object it is one address, whatever commas it holds.
        to: { name: "", address: to },
        envelope: { from: from.address, to: [to] },
        subject,
        text,
        html: toHtml(text, link),
      });
    },
  };
}

function createFileMailer(directory: string, from: Sender): Mailer {
  return {
    async send(mail) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomBytes(4).toString("hex")}`;
      // It holds a link that lets its reader in.
      await writeFile(path.join(directory, `${name}.txt`), toFile(mail, from), { mode: 0o600 });
    },
  };
}

function toFile({ to, subject, text }: Mail, from: Sender): string {
  const sender = from.name === "" ? from.address : `${from.name} <${from.address}>`;
  return [`From: ${sender}`, `To: ${to}`, `Subject: ${subject}`, "", text, ""].join("\n");
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (found) => entities.get(found) ?? found);
}

function toHtml(text: string, link: string): string {
  const href = escapeHtml(link);
  return text
    .split(/\n{2,}/)
    .map((part) => `<p>${escapeHtml(part).replaceAll(href, `<a href="${href}">${href}</a>`)}</p>`)
    .join("\n");
}
