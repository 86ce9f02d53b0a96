/** Accounts of e-mail address and password: registering, confirming, and setting a new password. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { EmailPasswordProvider } from "../config/app-config.ts";
import type { CallFunction } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { LoginGuard } from "./login-guard.ts";
import { mustBePassword, type PasswordWork } from "./password-work.ts";
import type { PasswordAccount, Passwords, TokenUse } from "./passwords.ts";
import type { LoginContext } from "./provider.ts";
import { providerConfigOf, providerNotFound } from "./providers.ts";
import { systemScope } from "./system-scope.ts";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text; holds the link. */
  readonly text: string;
  /** What `text` is about, for a nicer form of the same. */
  readonly kind: TokenUse;
  /** With `token` and `tokenId` in its query. */
  readonly link: string;
}

export interface Mailer {
  /** Resolves when the mail was handed over; @throws when it could not be */
  send(mail: Mail): Promise<void>;
}

/** The proof that a link brings back. */
export interface MailToken {
  readonly token: string;
  readonly tokenId: string;
}

/** Each call throws `AuthProviderNotFound` where the provider is off. */
export interface EmailPassword {
  /** @throws {Fault} `AccountNameInUse`, `BadRequest` for an address or a password that is none */
  register(
    account: { readonly email: string; readonly password: string },
    context: LoginContext,
  ): Promise<void>;
  /** @throws {Fault} `UserpassTokenInvalid`, `UserAlreadyConfirmed`, `BadRequest` */
  confirm(proof: MailToken, context: LoginContext): Promise<void>;
  /** Sends the link again. */
  sendConfirmation(email: string, context: LoginContext): Promise<void>;
  /** Runs the confirmation function again. */
  callConfirmation(email: string, context: LoginContext): Promise<void>;
  sendReset(email: string, context: LoginContext): Promise<void>;
  callReset(
    wanted: { readonly email: string; readonly password: string; readonly args: readonly Value[] },
    context: LoginContext,
  ): Promise<void>;
  /** Sets the password with the proof that a link brought. */
  reset(proof: MailToken & { readonly password: string }, context: LoginContext): Promise<void>;
}

export interface EmailPasswordEnvironment {
  readonly passwords: Passwords;
  readonly work: PasswordWork;
  readonly guard: LoginGuard;
  readonly callFunction: CallFunction;
  /** Undefined where nothing says how to send mail. */
  readonly mailer: Mailer | undefined;
  /** Ends the sessions of the user of an account, if there is one. */
  readonly revoke: (account: PasswordAccount) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const emailLengthMax = 254;

export function createEmailPassword(environment: EmailPasswordEnvironment): EmailPassword {
  const { passwords, work, guard, callFunction, mailer, revoke, now } = environment;

  /** Whoever asks for many addresses that are not there is told to wait. */
  async function mustFind(email: string, { app, address }: LoginContext): Promise<PasswordAccount> {
    const name = `${app.id} ${email.slice(0, emailLengthMax)}`;
    guard.mustBePatient(name, address);
    const account = await passwords.find(app.id, email);
    if (account !== undefined) return account;
    guard.noteFailure(name, address);
    throw new Fault("UserNotFound", "user not found");
  }

  async function mustProve(
    proof: MailToken,
    use: TokenUse,
    { app }: LoginContext,
  ): Promise<PasswordAccount> {
    const found = await passwords.findByToken(app.id, proof, use);
    if (found === "expired")
      throw new Fault("UserpassTokenInvalid", "userpass token is expired or invalid");
    if (found === undefined) throw new Fault("BadRequest", "invalid token data");
    return found;
  }

  async function confirmByFunction(
    account: PasswordAccount,
    name: string,
    context: LoginContext,
  ): Promise<"success" | "pending" | "fail"> {
    const { token, tokenId } = await passwords.issueToken(account, "confirm");
    const argument = Doc.of({ token, tokenId, username: account.email });
    return runForStatus(name, [argument], context);
  }

  /** What an app's function says to it; it failed if it throws. */
  async function runForStatus(
    name: string,
    args: readonly Value[],
    context: LoginContext,
  ): Promise<"success" | "pending" | "fail"> {
    try {
      const answer = await callFunction(name, args, systemScope(context));
      const status = answer instanceof Doc ? answer.get("status") : undefined;
      return status === "success" || status === "pending" ? status : "fail";
    } catch (cause) {
      if (cause instanceof Fault && cause.code !== "FunctionExecutionError") throw cause;
      return "fail";
    }
  }

  async function sendLink(
    account: PasswordAccount,
    use: TokenUse,
    link: { readonly url: string | undefined; readonly subject: string | undefined },
  ): Promise<void> {
    if (link.url === undefined || mailer === undefined)
      throw new Fault("BadRequest", "error processing request", {
        cause: new Error(
          mailer === undefined ? "no mail server is set: --smtp" : `no URL for ${use} is set`,
        ),
      });
    const proof = await passwords.issueToken(account, use);
    await mailer.send(toMail(account.email, use, { ...link, url: link.url }, proof));
  }

  /** Begins to confirm a new account, as the provider says. */
  async function begin(
    account: PasswordAccount,
    config: EmailPasswordProvider,
    context: LoginContext,
  ): Promise<void> {
    if (config.autoConfirm) return;
    if (config.confirmFunction === undefined) {
      const { confirmUrl: url, confirmSubject: subject } = config;
      await sendLink(account, "confirm", { url, subject });
      return;
    }
    const status = await confirmByFunction(account, config.confirmFunction, context);
    if (status === "fail") throw notConfirmed(account.email);
    if (status === "success") await passwords.confirm(account);
  }

  return {
    async register({ email, password }, context) {
      const config = mustConfig(context);
      mustBeEmail(email);
      mustBePassword(password);
      const appId = context.app.id;
      const inUse = new Fault("AccountNameInUse", "name already in use");
      if ((await passwords.find(appId, email)) !== undefined) throw inUse;
      const account = await passwords.create({
        appId,
        email,
        isConfirmed: config.autoConfirm,
        hash: await work.hash(password, context.signal),
        createdAt: now(),
      });
      if (account === undefined) throw inUse;
      try {
        await begin(account, config, context);
      } catch (cause) {
        // Or nobody could ever register this address again.
        await passwords.delete(appId, account.id);
        throw cause;
      }
    },
    async confirm(proof, context) {
      mustConfig(context);
      const account = await mustProve(proof, "confirm", context);
      mustBePending(account);
      await passwords.confirm(account);
    },
    async sendConfirmation(email, context) {
      const { autoConfirm, confirmUrl: url, confirmSubject: subject } = mustConfig(context);
      const account = await mustFind(email, context);
      mustBePending(account);
      await sendLink(account, "confirm", { url: autoConfirm ? undefined : url, subject });
    },
    async callConfirmation(email, context) {
      const { autoConfirm, confirmFunction } = mustConfig(context);
      const cannot = (why: string): Fault =>
        new Fault("BadRequest", `cannot run confirmation for ${email}: ${why}`);
      const account = await mustFind(email, context);
      if (autoConfirm) throw cannot("automatic confirmation is enabled");
      if (confirmFunction === undefined) throw cannot("no confirmation function is configured");
      mustBePending(account);
      const status = await confirmByFunction(account, confirmFunction, context);
      if (status === "fail") throw notConfirmed(email);
      if (status === "success") await passwords.confirm(account);
    },
    async sendReset(email, context) {
      const { resetUrl: url, resetSubject: subject, resetFunction } = mustConfig(context);
      const account = await mustFind(email, context);
      await sendLink(account, "reset", {
        url: resetFunction === undefined ? url : undefined,
        subject,
      });
    },
    async callReset({ email, password, args }, context) {
      const { resetFunction } = mustConfig(context);
      mustBePassword(password);
      const account = await mustFind(email, context);
      const refused = new Fault("BadRequest", `failed to reset password for user "${email}"`);
      if (resetFunction === undefined) throw refused;
      const name = `${context.app.id} ${email}`;
      const currentPasswordValid = await work.verify(password, account.hash, context.signal);
      // What the function is told of a password must not be a way to guess it.
      if (!currentPasswordValid) guard.noteFailure(name, context.address);
      const proof = await passwords.issueToken(account, "reset");
      const argument = Doc.of({ ...proof, username: email, password, currentPasswordValid });
      const status = await runForStatus(resetFunction, [argument, ...args], context);
      if (status === "fail") throw refused;
      if (status === "pending") return;
      await passwords.setHash(account, await work.hash(password, context.signal));
      await passwords.useToken(account, "reset", proof.tokenId);
      await revoke(account);
    },
    async reset({ password, ...proof }, context) {
      mustConfig(context);
      mustBePassword(password);
      const account = await mustProve(proof, "reset", context);
      const hash = await work.hash(password, context.signal);
      if (!(await passwords.useToken(account, "reset", proof.tokenId)))
        throw new Fault("UserpassTokenInvalid", "userpass token is expired or invalid");
      await passwords.setHash(account, hash);
      // Whoever could read the mail has proven to own the address.
      if (!account.isConfirmed) await passwords.confirm(account);
      await revoke(account);
    },
  };
}

function mustConfig({ config }: LoginContext): EmailPasswordProvider {
  const found = providerConfigOf(config, "local-userpass");
  if (found?.type === "local-userpass") return found;
  throw providerNotFound("local-userpass");
}

/** @throws {Fault} `BadRequest` */
export function mustBeEmail(email: string): string {
  // Atlas: only what can not be an address is refused. No control characters: it goes into the head of a mail.
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const isAddress = /^[^\s@,<>\u0000-\u001f]+@[^\s@,<>\u0000-\u001f]+$/u.test(email);
  if (isAddress && email.length <= emailLengthMax) return email;
  throw new Fault("BadRequest", "email invalid");
}

function mustBePending({ isConfirmed }: PasswordAccount): void {
  if (isConfirmed) throw new Fault("UserAlreadyConfirmed", "already confirmed");
}

function notConfirmed(email: string): Fault {
  return new Fault("BadRequest", `failed to confirm user "${email}"`);
}

const subjects: Readonly<Record<TokenUse, string>> = {
  confirm: "Confirm your e-mail address",
  reset: "Reset your password",
};

const sentences: Readonly<Record<TokenUse, string>> = {
  confirm: "Please open this link to confirm your e-mail address:",
  reset: "Please open this link to set a new password:",
};

function toMail(
  to: string,
  kind: TokenUse,
  { url, subject }: { readonly url: string; readonly subject: string | undefined },
  { token, tokenId }: MailToken,
): Mail {
  const link = new URL(url);
  link.searchParams.set("token", token);
  link.searchParams.set("tokenId", tokenId);
  const text = `${sentences[kind]}\n\n${link.href}\n\nIt is good for 30 minutes. If you did not ask for it, nothing needs to be done.`;
  return { to, subject: subject ?? subjects[kind], text, kind, link: link.href };
}
