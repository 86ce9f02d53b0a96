/** E-mail address and password. */
import { Doc } from "../../bson/doc.ts";
import { Fault } from "../../kit/fault.ts";
import type { LoginGuard } from "../login-guard.ts";
import type { PasswordWork } from "../password-work.ts";
import type { PasswordAccount, Passwords } from "../passwords.ts";
import type { LoginContext, Provider, ProvenIdentity } from "../provider.ts";

const emailLengthMax = 254;
/** Of an account that was taken over; those that are made here have fewer. */
const passwordLengthMax = 1024;

export const passwordType = "local-userpass";

export function createLocalUserpass(environment: {
  readonly passwords: Passwords;
  readonly work: PasswordWork;
  readonly guard: LoginGuard;
}): Provider {
  const { passwords, work, guard } = environment;
  return {
    async login(payload, { app, address, signal }: LoginContext) {
      const email = payload.get("username");
      const password = payload.get("password");
      if (typeof email !== "string" || typeof password !== "string")
        throw new Fault("InvalidPassword", "unauthorized", { cause: "no username or password" });
      const account = `${app.id} ${email.slice(0, emailLengthMax)}`;
      guard.mustBePatient(account, address);
      // What no account can have is not even looked for.
      const isPossible = email.length <= emailLengthMax && password.length <= passwordLengthMax;
      const found = isPossible ? await passwords.find(app.id, email) : undefined;
      const isRight = await work.verify(password.slice(0, passwordLengthMax), found?.hash, signal);
      if (found === undefined || !isRight) {
        guard.noteFailure(account, address);
        const cause = found === undefined ? "no such e-mail address" : "wrong password";
        throw new Fault("InvalidPassword", "unauthorized", { cause });
      }
      guard.noteSuccess(account, address);
      // A check takes its time: a password that was changed meanwhile must not open a session that nobody ends.
      if ((await passwords.find(app.id, email))?.hash !== found.hash)
        throw new Fault("InvalidPassword", "unauthorized", { cause: "the password was changed" });
      if (!found.isConfirmed)
        throw new Fault("AuthError", "unauthorized", { cause: "the account is not confirmed" });
      if (found.hash?.startsWith("scrypt$") === false)
        await passwords.setHash(found, await work.hash(password, signal), found.hash);
      return identityOf(found);
    },
  };
}

export function identityOf({ id, email }: PasswordAccount): ProvenIdentity {
  // Not the address, which may change.
  return { providerType: passwordType, name: id, data: Doc.of({ email }), refreshes: true };
}
