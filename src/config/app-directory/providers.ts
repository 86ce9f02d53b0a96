/** `auth/providers.json`, an object by type; before 20210101 `auth_providers/NAME.json`. One entry per provider. */
import type { TSchema } from "@sinclair/typebox";
import type { Origin, ProviderConfig, ProviderType } from "../app-config.ts";
import { type Codec, readPart, writePart } from "./codec.ts";
import {
  fieldOf,
  type JsonFile,
  type JsonNode,
  type JsonPath,
  textOf,
  toNode,
} from "./json-node.ts";
import {
  customFunctionCodec,
  customTokenCodec,
  emailPasswordCodec,
  oauthCodec,
  oidcCodec,
  plainCodec,
} from "./provider-codecs.ts";
import type { Reading } from "./reading.ts";
import { at, show } from "./report.ts";
import { mustBe } from "./root.ts";

interface AnyCodec {
  read(
    reading: Reading,
    file: JsonFile,
    node: JsonNode,
    path: JsonPath,
  ): ProviderConfig | undefined;
  write(provider: ProviderConfig): JsonNode;
}

/** Ties a codec to its type: entries of the table below are met by type alone. */
function tie<Schema extends TSchema, Model extends ProviderConfig>(
  codec: Codec<Schema, Model>,
): AnyCodec {
  return {
    read: (reading, file, node, path) => readPart(codec, reading, file, node, path),
    write: (provider) => writePart(codec, provider as Model),
  };
}

const codecs: ReadonlyMap<string, AnyCodec> = new Map<ProviderType, AnyCodec>([
  ["anon-user", tie(plainCodec("anon-user"))],
  ["api-key", tie(plainCodec("api-key"))],
  ["local-userpass", tie(emailPasswordCodec)],
  ["custom-token", tie(customTokenCodec)],
  ["custom-function", tie(customFunctionCodec)],
  ["oauth2-google", tie(oauthCodec("oauth2-google"))],
  ["oauth2-facebook", tie(oauthCodec("oauth2-facebook"))],
  ["oauth2-apple", tie(oauthCodec("oauth2-apple"))],
  ["oauth2-oidc", tie(oidcCodec)],
]);

export const providersFile = "auth/providers.json";

export function readProviders(
  reading: Reading,
  options: { readonly isLegacy: boolean },
): ReadonlyMap<ProviderType, ProviderConfig> {
  const providers = new Map<ProviderType, ProviderConfig>();
  for (const entry of entries(reading, options.isLegacy)) {
    const provider = readProvider(reading, entry);
    if (provider === undefined) continue;
    const former = providers.get(provider.type);
    if (former === undefined) providers.set(provider.type, provider);
    else
      reading.report.wrong(
        at(originOf(entry), "type"),
        "a type that no other provider has",
        `"${provider.type}", as in ${former.origin?.file.path ?? ""}`,
      );
  }
  return providers;
}

function originOf({ file, node, key }: Entry): Origin {
  return { file, path: key === undefined ? [] : [key], node, expanded: node };
}

function readProvider(reading: Reading, entry: Entry): ProviderConfig | undefined {
  const { node, key } = entry;
  const origin = originOf(entry);
  if (node.kind !== "object") {
    reading.report.wrong(at(origin), "an object", show(node));
    return undefined;
  }
  const stated = fieldOf(node, "type");
  const type = textOf(stated) ?? key ?? "";
  const codec = codecs.get(type);
  if (codec !== undefined && (key === undefined || key === type))
    return codec.read(reading, entry.file, node, origin.path);
  const expected =
    codec === undefined
      ? `one of ${[...codecs.keys()].join(", ")}`
      : `${JSON.stringify(key)}, the provider's name`;
  const found = stated ?? (key === undefined ? undefined : toNode(key));
  reading.report.wrong(at(origin, "type"), expected, show(found));
  return undefined;
}

interface Entry {
  readonly file: JsonFile;
  readonly node: JsonNode;
  /** What it is called in the file of all; undefined where each has a file of its own. */
  readonly key: string | undefined;
}

function* entries(reading: Reading, isLegacy: boolean): Iterable<Entry> {
  if (isLegacy) {
    for (const path of reading.below("auth_providers")) {
      if (!path.endsWith(".json")) continue;
      const file = reading.json(path);
      if (file === undefined) continue;
      reading.claim(path);
      yield { file, node: file.root, key: undefined };
    }
    return;
  }
  const file = reading.json(providersFile);
  if (file === undefined) return;
  reading.claim(file.path);
  if (file.root.kind === "null" || !mustBe(reading, file, "object")) return;
  if (file.root.kind === "object")
    for (const [key, node] of file.root.fields) yield { file, node, key };
}

export function writeProvider(provider: ProviderConfig): JsonNode {
  const codec = codecs.get(provider.type);
  if (codec === undefined) throw new TypeError(`no provider of type ${provider.type}`);
  return codec.write(provider);
}
