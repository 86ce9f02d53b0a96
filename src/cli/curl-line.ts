/**
 * A first request that works as pasted into a shell.
 *
 * @param key the key's text, or a shell variable that holds it
 */
export function curlLine(url: string, clientAppId: string, key: string): string {
  const body = {
    dataSource: "mongodb-atlas",
    database: "test",
    collection: "greetings",
    document: { text: "Hello" },
  };
  return [
    `curl -s "${url}/app/${clientAppId}/endpoint/data/v1/action/insertOne"`,
    `-H "apiKey: ${key}"`,
    `-H "Content-Type: application/json"`,
    `-d '${JSON.stringify(body)}'`,
  ].join(" ");
}
