/** The thread of `foreign-hash.ts`: one password, one bcrypt hash, and it ends. */
import { parentPort, workerData } from "node:worker_threads";
import { compareSync } from "bcryptjs";

const { password, stored } = workerData as { readonly password: string; readonly stored: string };
parentPort?.postMessage(compareSync(password, stored), []);
