/** The web console: files that the build left in `dist/console`, under `/console/`. */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";

/** Beside the compiled server; where the sources run, in what the last build left. */
const folder = findFolder();

/** Only what this server sends runs; styles may stand within the page, since the components set them so. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** `/console/…`; `/console/logs?co_id=…`, the link in errors, leads to the page that shows the entry. */
export async function consoleRoutes(instance: FastifyInstance): Promise<void> {
  if (folder === undefined) {
    instance.get("/*", async () => {
      throw new Fault("NotFound", "the console is not built: npm run build");
    });
    return;
  }
  const { fastifyStatic } = await import("@fastify/static");
  await instance.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: true,
    // Its own would stand in place of what follows.
    cacheControl: false,
    // A path with a hash of its content in it never changes.
    setHeaders(response, file) {
      const isHashed = file.includes(`${path.sep}assets${path.sep}`);
      response.setHeader(
        "Cache-Control",
        isHashed ? "public, max-age=31536000, immutable" : "no-cache",
      );
      response.setHeader("Content-Security-Policy", policy);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Referrer-Policy", "no-referrer");
    },
  });
  instance.get("/", async (request, reply) => {
    // Relative, as all addresses of the console: a proxy may have put it elsewhere.
    const [place = ""] = request.url.split("?", 1);
    return place.endsWith("/") ? reply.sendFile("index.html") : reply.redirect("./console/");
  });
  instance.get("/logs", async (request, reply) => {
    const at = request.url.indexOf("?");
    const query = at < 0 ? "" : request.url.slice(at);
    return reply.redirect(`./#/logs${query}`);
  });
}

function findFolder(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [path.join(here, "..", "console"), path.join(here, "..", "..", "dist", "console")].find(
    (each) => existsSync(path.join(each, "index.html")),
  );
}
