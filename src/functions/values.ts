/** The values of an app as its functions read them: plain ones, and those that stand for a secret. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";

export interface ValuesState {
  /** Another number means other values. */
  readonly version: number;
  readonly doc: Doc;
  /** Values of the app's secrets that are among them. */
  readonly secrets: readonly string[];
}

export interface ReadValues {
  of(app: App, config: AppConfig | undefined): ValuesState | Promise<ValuesState>;
}

/** A secret that was changed is seen by calls from then on. */
const freshMsMax = 2000;

const none: ValuesState = { version: 0, doc: Doc.empty, secrets: [] };

/** A shorter text would be found everywhere. */
const secretCharsMin = 6;

/** What a function failed with, for its caller: an error that names a secret of the app is told without it. */
export function withoutSecrets(message: string, { secrets }: ValuesState): string {
  let told = message;
  for (const secret of secrets)
    if (secret.length >= secretCharsMin) told = told.replaceAll(secret, "[redacted]");
  return told;
}

export function createValues({
  openSecret,
}: {
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
}): ReadValues {
  const known = new WeakMap<AppConfig, { readonly at: number; readonly state: ValuesState }>();
  const loading = new WeakMap<AppConfig, Promise<ValuesState>>();
  let versions = 0;

  async function load(app: App, config: AppConfig): Promise<ValuesState> {
    const at = performance.now();
    const entries: [string, Value][] = [];
    const secrets: string[] = [];
    for (const value of config.values.values()) {
      if (value.kind === "plain") entries.push([value.name, value.value]);
      else {
        const secret = await openSecret(app.id, value.secretName);
        if (secret === undefined) continue;
        entries.push([value.name, secret]);
        secrets.push(secret);
      }
    }
    const doc = Doc.fromBytes(Doc.fromEntries(entries).toBytes());
    const former = known.get(config)?.state;
    const isSame = former !== undefined && former.doc.toBytes().equals(doc.toBytes());
    const state = isSame ? former : { version: (versions += 1), doc, secrets };
    known.set(config, { at, state });
    return state;
  }

  return {
    of(app, config) {
      if (config === undefined || config.values.size === 0) return none;
      const found = known.get(config);
      const hasSecrets = [...config.values.values()].some(({ kind }) => kind === "secret");
      if (found !== undefined && (!hasSecrets || performance.now() - found.at < freshMsMax))
        return found.state;
      const running =
        loading.get(config) ?? load(app, config).finally(() => loading.delete(config));
      loading.set(config, running);
      return running;
    },
  };
}
