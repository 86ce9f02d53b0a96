import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface PageServer {
  /** `http://localhost:PORT`: another site than the `127.0.0.1` of the servers. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves texts by their paths. */
export async function servePages(
  pages: ReadonlyMap<string, { readonly type: string; readonly text: string }>,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const found = pages.get((request.url ?? "/").replace(/[?#].*$/s, ""));
    response.writeHead(found === undefined ? 404 : 200, {
      "Content-Type": found?.type ?? "text/plain",
    });
    response.end(found?.text ?? "not found");
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
