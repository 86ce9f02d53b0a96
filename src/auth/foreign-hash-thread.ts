/** The thread of `foreign-hash.ts`: one password, one hash by bcrypt or argon2, and it ends. */
import { parentPort, workerData } from "node:worker_threads";
import { argon2Verify, bcryptVerify } from "hash-wasm";

const { password, stored } = workerData as { readonly password: string; readonly stored: string };
/** What bcrypt looks at of a password; what follows makes no difference in any library of its. */
const bcryptBytesMax = 72;

const isRight = stored.startsWith("$argon2")
  ? await argon2Verify({ password, hash: stored })
  : await bcryptVerify({
      password: Buffer.from(password).subarray(0, bcryptBytesMax),
      hash: stored,
    });
parentPort?.postMessage(isRight, []);
