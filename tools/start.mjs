// `npm start [-- FLAGS]`: installs and builds when that is due, then becomes `petiole serve FLAGS`.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { checkNode, ensureBuilt, ensureInstalled, root } from "./setup.mjs";

checkNode();
ensureInstalled();
ensureBuilt();

// The server runs in this very process: signals reach it once and directly, and the exit code is its own.
const main = path.join(root, "dist", "cli", "main.js");
process.argv = [process.execPath, main, "serve", ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
