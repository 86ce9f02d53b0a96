/** A call of the Data API in the languages that people paste it into. */

export interface DataApiCall {
  readonly url: string;
  readonly key: string;
  /** Pretty-printed EJSON. */
  readonly body: string;
}

export type CallLanguage = "curl" | "JavaScript" | "Python";

export const callLanguages: readonly CallLanguage[] = ["curl", "JavaScript", "Python"];

export function writeCall(language: CallLanguage, { url, key, body }: DataApiCall): string {
  switch (language) {
    case "curl":
      return [
        `curl '${url}' \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -H 'apiKey: ${key}' \\`,
        `  -d '${body.replaceAll("'", String.raw`'\''`)}'`,
      ].join("\n");
    case "JavaScript":
      return [
        `const response = await fetch("${url}", {`,
        `  method: "POST",`,
        `  headers: { "Content-Type": "application/json", apiKey: "${key}" },`,
        `  body: JSON.stringify(${indent(body, "  ")}),`,
        `});`,
        `console.log(await response.json());`,
      ].join("\n");
    case "Python":
      return [
        `import json, urllib.request`,
        ``,
        `request = urllib.request.Request(`,
        `    "${url}",`,
        `    headers={"Content-Type": "application/json", "apiKey": "${key}"},`,
        `    data=json.dumps(${pythonOf(indent(body, "    "))}).encode(),`,
        `)`,
        `print(json.load(urllib.request.urlopen(request)))`,
      ].join("\n");
  }
}

function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}

/** JSON's three words that Python writes otherwise; those within texts stay. */
function pythonOf(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (found) => {
    if (found === "true") return "True";
    if (found === "false") return "False";
    return found === "null" ? "None" : found;
  });
}
