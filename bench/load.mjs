// Loads one server for one turn, in a process of its own so that its work is not counted as the server's.
// Reads a turn (see `Turn` in loading.ts) as JSON from stdin, prints the outcome as one line of JSON.
import { text } from "node:stream/consumers";
import autocannon from "autocannon";

/** @type {import("./loading.ts").Turn} */
const turn = JSON.parse(await text(process.stdin));
/** @type {number[]} */
const latenciesMs = [];
let refused = 0;
let nextList = 0;

/** @type {import("autocannon").Result} */
const result = await new Promise((resolve, reject) => {
  const instance = autocannon(
    {
      url: turn.url,
      connections: turn.connections,
      duration: turn.seconds,
      pipelining: 1,
      // Each connection goes through a list of its own, so that they do not all ask for the same document.
      setupClient: (client) => {
        const list = turn.lists[nextList++ % turn.lists.length] ?? [];
        client.setRequests(
          list.map(({ action, body }) => ({
            method: "POST",
            path: `${turn.path}/${action}`,
            headers: turn.headers,
            body,
          })),
        );
      },
    },
    (cause, outcome) => {
      if (cause) reject(cause);
      else resolve(outcome);
    },
  );
  instance.on("response", (_client, statusCode, _bytes, responseMs) => {
    latenciesMs.push(responseMs);
    if (statusCode >= 300) refused++;
  });
});
latenciesMs.sort((a, b) => a - b);

/** @type {import("./loading.ts").Outcome} */
const outcome = {
  requests: latenciesMs.length,
  perSecond: latenciesMs.length / result.duration,
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
  failures: refused + result.errors + result.timeouts,
};
console.log(JSON.stringify(outcome));

function percentile(/** @type {number} */ share) {
  return latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0;
}
