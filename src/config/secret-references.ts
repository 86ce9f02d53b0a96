/** Which secrets an app names, and where: all of them must be there before it can serve. */
import type { AppConfig, Origin, ProviderConfig } from "./app-config.ts";
import { type JsonPath, printPath } from "./app-directory/json-node.ts";
import { at } from "./app-directory/report.ts";

export interface SecretReference {
  readonly name: string;
  /** In words: `the endpoint GET /stats`. */
  readonly usedBy: string;
  /** Where it is named; empty for a part that was made since the directory was read. */
  readonly file: string;
  readonly path: string;
}

type Use = readonly [
  name: string | undefined,
  usedBy: string,
  origin: Origin | undefined,
  ...path: JsonPath,
];

/** In the order: values, providers, endpoints, Data API. What is disabled needs no secret. */
export function listSecretReferences(app: AppConfig): readonly SecretReference[] {
  return [...uses(app)].flatMap(([name, usedBy, origin, ...steps]) => {
    if (name === undefined) return [];
    const where = origin === undefined ? undefined : at(origin, ...steps);
    return [{ name, usedBy, file: origin?.file.path ?? "", path: printPath(where?.path ?? []) }];
  });
}

function* uses(app: AppConfig): Iterable<Use> {
  for (const value of app.values.values())
    if (value.kind === "secret")
      yield [value.secretName, `the value ${value.name}`, value.origin, "value"];
  for (const provider of app.providers.values()) if (!provider.disabled) yield* usesOf(provider);
  for (const endpoint of app.endpoints)
    if (!endpoint.disabled && needsSecret(endpoint)) {
      const usedBy = `the endpoint ${endpoint.httpMethod} ${endpoint.route}`;
      yield [endpoint.secretName, usedBy, endpoint.origin, "secret_name"];
    }
  const { dataApi } = app;
  if (dataApi !== undefined && !dataApi.disabled && needsSecret(dataApi))
    yield [dataApi.secretName, "the Data API", dataApi.origin, "secret_name"];
}

function* usesOf(provider: ProviderConfig): Iterable<Use> {
  const { type, origin } = provider;
  const usedBy = `the provider ${type}`;
  if ("clientSecretName" in provider)
    yield [provider.clientSecretName, usedBy, origin, "secret_config", "clientSecret"];
  if (type === "custom-token" && provider.jwkUri === undefined)
    for (const [index, name] of provider.signingKeySecrets.entries())
      yield [name, usedBy, origin, "secret_config", "signingKeys", index];
}

function needsSecret({ validationMethod }: { readonly validationMethod: string }): boolean {
  return validationMethod !== "NO_VALIDATION";
}
