/** Which secrets an app names, and where: all of them must be there before it can serve. */
import type { AppConfig, Origin } from "./app-config.ts";
import type { JsonPath } from "./app-directory/json-node.ts";
import { at } from "./app-directory/report.ts";
import { printPath } from "./app-directory/json-node.ts";

export interface SecretReference {
  readonly name: string;
  /** In words: `the endpoint GET /stats`. */
  readonly usedBy: string;
  /** Where it is named; empty for a part that was made since the directory was read. */
  readonly file: string;
  readonly path: string;
}

/** In the order: values, providers, endpoints, Data API. What is disabled needs no secret. */
export function listSecretReferences(app: AppConfig): readonly SecretReference[] {
  const found: SecretReference[] = [];
  const add = (
    name: string,
    usedBy: string,
    origin: Origin | undefined,
    ...path: JsonPath
  ): void => {
    const where = origin === undefined ? undefined : at(origin, ...path);
    const file = typeof where?.file === "string" ? where.file : (where?.file.path ?? "");
    found.push({ name, usedBy, file, path: printPath(where?.path ?? []) });
  };
  for (const value of app.values.values())
    if (value.kind === "secret")
      add(value.secretName, `the value ${value.name}`, value.origin, "value");
  for (const provider of app.providers.values()) {
    if (provider.disabled) continue;
    const usedBy = `the provider ${provider.type}`;
    if (provider.type === "custom-token" && provider.jwkUri === undefined)
      for (const [index, name] of provider.signingKeySecrets.entries())
        add(name, usedBy, provider.origin, "secret_config", "signingKeys", index);
    if ("clientSecretName" in provider && provider.clientSecretName !== undefined)
      add(provider.clientSecretName, usedBy, provider.origin, "secret_config", "clientSecret");
  }
  for (const endpoint of app.endpoints) {
    if (endpoint.disabled || !needsSecret(endpoint)) continue;
    const usedBy = `the endpoint ${endpoint.httpMethod} ${endpoint.route}`;
    add(endpoint.secretName ?? "", usedBy, endpoint.origin, "secret_name");
  }
  const { dataApi } = app;
  if (dataApi !== undefined && !dataApi.disabled && needsSecret(dataApi))
    add(dataApi.secretName ?? "", "the Data API", dataApi.origin, "secret_name");
  return found;
}

function needsSecret({ validationMethod }: { readonly validationMethod: string }): boolean {
  return validationMethod !== "NO_VALIDATION";
}
