import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  wanted,
} from "../support/functions.ts";

/** Made here, in the many forms that packages have. */
const packages: Readonly<Record<string, string>> = {
  "plain/index.js": "exports.name = 'plain'; exports.sub = require('./lib/sub');",
  "plain/lib/sub.js":
    "module.exports = { file: __filename.split('/').at(-1), data: require('./data.json').x };",
  "plain/lib/data.json": '{ "x": 1 }',
  "plain/package.json": '{ "name": "plain", "version": "1.2.3" }',
  "main/package.json": '{ "name": "main", "main": "./dist/a" }',
  "main/dist/a.js": "module.exports = () => require('plain').name;",
  "dual/package.json":
    '{ "name": "dual", "exports": { ".": { "module-sync": "./m.mjs", "import": "./m.mjs", "require": "./c.cjs" }, "./sub": "./c.cjs" } }',
  "dual/m.mjs": "export default 'm';",
  "dual/c.cjs": "'use strict'; module.exports = 'c';",
  "@scope/pkg/index.js": "module.exports = class Scoped extends require('events') {};",
  "cyclic/index.js": "exports.a = 1; exports.b = require('./other').a; ",
  "cyclic/other.js": "exports.a = require('./index').a;",
  "state/index.js":
    "let n = 0; exports.count = () => ++n; global.left = 1; exports.left = () => global.left;",
  "tools/index.js":
    "const { spawn } = require('child_process'); const { isMainThread } = require('worker_threads'); exports.isMainThread = isMainThread; exports.run = () => spawn('id');",
  "reader/index.js":
    "const fs = require('fs'); const path = require('path'); exports.own = () => JSON.parse(fs.readFileSync(path.join(__dirname, 'package.json'), 'utf8')).name; exports.any = (f) => fs.readFileSync(f, 'utf8');",
  "reader/package.json": '{ "name": "reader" }',
  "esm/package.json": '{ "name": "esm", "type": "module", "main": "index.js" }',
  "esm/index.js": "export const a = 1;",
  "native/index.js": "module.exports = require('./build.node');",
  "native/build.node": "not really",
  "broken/index.js": "module.exports = {",
  "thrower/index.js": "throw new Error('while loading');",
};

const rows: readonly (readonly [title: string, body: string, outcome: string | RegExp])[] = [
  [
    "files of a package find each other",
    "const p = require('plain'); return [p.name, p.sub.file, p.sub.data];",
    '["plain","sub.js",{"$numberInt":"1"}]',
  ],
  ["a package's main file", "return require('main')();", '"plain"'],
  ["a file of a package", "return require('plain/lib/sub').data;", '{"$numberInt":"1"}'],
  ["a package's own description", "return require('plain/package.json').version;", '"1.2.3"'],
  ["a package with exports", "return [require('dual'), require('dual/sub')];", '["c","c"]'],
  ["a package with a scope", "return typeof new (require('@scope/pkg'))().on;", '"function"'],
  ["modules in a circle", "return require('cyclic').b;", '{"$numberInt":"1"}'],
  [
    "a module is loaded once per process",
    "const { count } = require('state'); const a = count(); return require('state').count() - a;",
    '{"$numberInt":"1"}',
  ],
  [
    "globals of packages stay among them",
    "return [require('state').left(), typeof global.left];",
    '[{"$numberInt":"1"},"undefined"]',
  ],
  ["a package may load what it never uses", "return require('tools').isMainThread;", "true"],
  [
    "a package can start no process",
    "require('tools').run();",
    /child_process.spawn is not available in functions/,
  ],
  ["a package reads its own files", "return require('reader').own();", '"reader"'],
  ["a package reads no others", "return require('reader').any('/etc/passwd');", /ENOENT/],
  [
    "a package reads none above it",
    "return require('reader').any('../../../etc/passwd');",
    /ENOENT/,
  ],
  ["a link that leads out", "return require('link');", /Cannot find module 'link'/],
  ["a path", "return require('../plain');", /Cannot find module/],
  [
    "a package that is not there",
    "return require('nope');",
    "FunctionExecutionError: Cannot find module 'nope'",
  ],
  [
    "a package that is not there, caught",
    "try { require('nope'); } catch (e) { return e.code; }",
    '"MODULE_NOT_FOUND"',
  ],
  [
    "an ES module",
    "return require('esm');",
    /is an ES module; functions load CommonJS packages only/,
  ],
  [
    "a native addon",
    "return require('native');",
    /is a native addon, which functions can not load/,
  ],
  ["a package with a mistake", "return require('broken');", /Unexpected/],
  ["a package that throws", "return require('thrower');", "FunctionExecutionError: while loading"],
  [
    "packages in an ES module's way",
    "return context.functions.execute('module');",
    '["plain","c","c",{"$numberInt":"1"}]',
  ],
  [
    "modules of Node's",
    "return [require('path').join('a', 'b'), require('node:util').inspect({ a: 1 }), require('querystring').stringify({ a: 1 }), require('os').hostname(), require('url').parse('http://a.b/c').pathname];",
    '["a/b","{ a: 1 }","a=1","localhost","/c"]',
  ],
];

describe("packages", () => {
  let directory: string;
  let bench: FunctionBench;
  let deployed: Deployed;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "petiole-packages-"));
    for (const [name, text] of Object.entries(packages)) {
      const file = path.join(directory, "node_modules", name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await symlink("/etc", path.join(directory, "node_modules", "link"));
    bench = await openFunctionBench({ dependencies: directory });
    const sources = rows.map(([, body], index) => [
      `row${index}`,
      `exports = function () { ${body} };`,
    ]);
    deployed = bench.deploy({
      ...(Object.fromEntries(sources) as Record<string, string>),
      module:
        "import plain from 'plain';\nimport * as dual from 'dual';\nimport c from 'dual/sub';\nimport { a } from 'cyclic';\nexport default () => [plain.name, dual.default, c, a];",
    });
  });
  afterAll(async () => {
    await bench.close();
    await rm(directory, { recursive: true, force: true });
  });
  test.for(rows)("%s", async (row) => {
    expect(await deployed.show(`row${rows.indexOf(row)}`)).toEqual(wanted(row[2]));
  });
});
