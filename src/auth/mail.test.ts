import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import type { Mail } from "./email-password.ts";
import { createMailer, type MailSettings } from "./mail.ts";

const none: MailSettings = {
  smtp: undefined,
  mailDir: undefined,
  mailFrom: undefined,
  publicUrl: "https://api.example.org",
};
const mail: Mail = {
  to: "ada@example.org",
  subject: "Please confirm",
  text: "Follow this link:\n\nhttps://shop.example.org/?a=1&token=t",
  kind: "confirm",
  link: "https://shop.example.org/?a=1&token=t",
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly user: string | undefined;
}

async function startMailServer(): Promise<{
  readonly port: number;
  readonly received: Received[];
}> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, answer) => {
      if (password === "p@ss") answer(null, { user: username });
      else answer(new Error("wrong"));
    },
    onData: (stream, session, answer) => {
      const { mailFrom, rcptTo } = session.envelope;
      text(stream).then(
        (content) => {
          received.push({
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text: content,
            user: session.user as string | undefined,
          });
          answer();
        },
        (cause: Error) => {
          answer(cause);
        },
      );
    },
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  closing.push(
    async () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  );
  return { port: (listening.address() as AddressInfo).port, received };
}

test("mail: goes over SMTP as text and HTML", async () => {
  const { port, received } = await startMailServer();
  const mailer = createMailer({
    ...none,
    smtp: `smtp://u:p%40ss@127.0.0.1:${port}`,
    mailFrom: "Shop <shop@example.org>",
  });
  await mailer?.send(mail);
  expect(received).toMatchObject([{ from: "shop@example.org", to: [mail.to], user: "u" }]);
  const content = received[0]?.text ?? "";
  expect(content).toContain("From: Shop <shop@example.org>");
  expect(content).toContain("Subject: Please confirm");
  expect(content.replaceAll("=\r\n", "")).toContain(
    '<a href=3D"https://shop.example.org/?a=3D1&amp;token=3Dt">',
  );
});

test("mail: an address is one, whatever it holds", async () => {
  const { port, received } = await startMailServer();
  const mailer = createMailer({ ...none, smtp: `smtp://127.0.0.1:${port}` });
  await mailer?.send({ ...mail, to: '"a,b"@example.org' }).catch(() => {});
  expect(received.flatMap(({ to }) => to).length).toBeLessThan(2);
});

test("mail: a server that refuses is a failure", async () => {
  const { port, received } = await startMailServer();
  const mailer = createMailer({ ...none, smtp: `smtp://u:wrong@127.0.0.1:${port}` });
  await expect(mailer?.send(mail)).rejects.toThrow("Invalid login");
  expect(received).toEqual([]);
});

test("mail: goes into files that nobody else reads", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "petiole-mail-"));
  closing.push(async () => rm(folder, { recursive: true }));
  const mailDir = path.join(folder, "out");
  await createMailer({ ...none, mailDir })?.send(mail);
  const [name = ""] = await readdir(mailDir);
  const file = path.join(mailDir, name);
  expect(await readFile(file, "utf8")).toBe(
    `From: no-reply@api.example.org\nTo: ada@example.org\nSubject: Please confirm\n\n${mail.text}\n`,
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("mail: without a setting there is none", () => {
  expect(createMailer(none)).toBeUndefined();
});

test.for<[title: string, settings: Partial<MailSettings>, message: string]>([
  [
    "a web address is no mail server",
    { smtp: "https://u:secret@x" },
    "--smtp must be smtp://HOST:PORT or smtps://HOST:PORT",
  ],
  [
    "a text is no mail server",
    { smtp: "secret" },
    "--smtp must be smtp://HOST:PORT or smtps://HOST:PORT",
  ],
  [
    "a name is no sender",
    { mailDir: "x", mailFrom: "Shop" },
    "--mail-from must be an e-mail address, or NAME <ADDRESS>",
  ],
  [
    "two addresses are no sender",
    { mailDir: "x", mailFrom: "a@b.c,d@e.f" },
    "--mail-from must be an e-mail address, or NAME <ADDRESS>",
  ],
])("mail: %s", ([, settings, message]) => {
  expect(() => createMailer({ ...none, ...settings })).toThrow(message);
});
