import { expect, test } from "vitest";
import { sampleWith, toFiles, v20210101 } from "../../../test/support/app-samples.ts";
import { formatProblem } from "../app-problem.ts";
import { readAppDirectory, writeAppDirectory } from "../app-directory.ts";

test.for<[path: string, refusal: string]>([
  ["../outside.json", "'..'"],
  ["values/../../outside.json", "'..'"],
  ["/etc/passwd", "an absolute path"],
  ["C:/windows/a.json", "an absolute path"],
  ["values\\..\\a.json", "a backslash"],
  ["values/a\0.json", "a NUL"],
  ["values//a.json", "an empty part or '.'"],
  ["./values/a.json", "an empty part or '.'"],
  ["values/", "an empty part or '.'"],
  ["", "an empty path"],
  ["x".repeat(2000), "more than 1024 bytes"],
  [`values/${"é".repeat(128)}.json`, "a name of more than 255 bytes"],
  ["a/".repeat(30), "more than 24 folders"],
])("a path like %j is refused and never written", ([path, refusal]) => {
  const files = toFiles(v20210101).set(path, Buffer.from("{}"));
  const { app, problems } = readAppDirectory(files);
  expect(problems.map(({ found }) => found)).toEqual([refusal]);
  expect(writeAppDirectory(app).has(path)).toBe(false);
});

test("a message about a path is one line", () => {
  const files = toFiles(v20210101).set("values/\n\u001b[31m\0", Buffer.from("{}"));
  const [problem] = readAppDirectory(files).problems;
  expect(problem === undefined ? "" : formatProblem(problem)).toBe(
    String.raw`values/\n\u001b[31m\u0000: expected a path within the directory, found a NUL`,
  );
});

test.for<[title: string, path: string, content: string]>([
  [
    "objects",
    "values/deep.json",
    `{"name":"deep","value":${'{"a":'.repeat(300)}1${"}".repeat(300)}}`,
  ],
  ["lists", "functions/config.json", "[".repeat(100_000)],
  [
    "expressions",
    "data_sources/mongodb-atlas/shop/orders/rules.json",
    `{"roles":[{"name":"r","apply_when":${'{"%and":['.repeat(500)}${"]}".repeat(500)}}]}`,
  ],
])("deep %s are refused with their place", ([, path, content]) => {
  const { problems } = readAppDirectory(toFiles(sampleWith(v20210101, { [path]: content })));
  expect(
    problems.some(
      ({ file, expected }) => file === path && expected === "at most 200 levels of nesting",
    ),
  ).toBe(true);
});

test("names that every object inherits are names like others", () => {
  const text =
    '{"name":"sum","__proto__":{"private":true},"constructor":1,"can_evaluate":{"__proto__":1}}';
  const sample = sampleWith(v20210101, {
    "functions/config.json": `[${text},{"name":"__proto__"},{"name":"onCreate"},{"name":"auth/logIn"},{"name":"auth/confirm"}]`,
    "functions/__proto__.js": "exports = () => 1;",
    "values/a.json": '{"name":"constructor","value":{"__proto__":{"polluted":true}}}',
    "environments/development.json":
      '{"values":{"__proto__":"p","clientId":"%","cluster":"c","toString":"t"}}',
  });
  const { app, problems, warnings } = readAppDirectory(toFiles(sample));
  expect(problems.map(formatProblem)).toEqual([]);
  expect(app.functions.get("sum")?.private).toBe(false);
  expect(app.functions.get("__proto__")?.source).toBe("exports = () => 1;");
  expect(app.values.has("constructor")).toBe(true);
  expect([...(app.environments.get("development")?.values.keys() ?? [])]).toContain("__proto__");
  expect(warnings.map(({ path }) => path)).toContain("[0].__proto__");
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  const written = Buffer.from(writeAppDirectory(app).get("values/a.json") ?? []).toString();
  expect(written).toBe('{"name":"constructor","value":{"__proto__":{"polluted":true}}}');
});

test("a changed file keeps such names, and digits that no number holds", () => {
  const text =
    '{"values":{"__proto__":"p","clientId":"%","cluster":"c","big":12345678901234567890}}';
  const sample = sampleWith(v20210101, { "environments/development.json": text });
  const { app } = readAppDirectory(toFiles(sample));
  const development = app.environments.get("development");
  const values = new Map(development?.values).set("cluster", "d");
  const environments = new Map(app.environments).set("development", { ...development, values });
  const written = writeAppDirectory({ ...app, environments }).get("environments/development.json");
  expect(
    Buffer.from(written ?? [])
      .toString()
      .replace(/\s/g, ""),
  ).toBe('{"values":{"__proto__":"p","clientId":"%","cluster":"d","big":12345678901234567890}}');
});

test("more problems than anybody reads are cut off", () => {
  const endpoints = Array.from({ length: 3000 }, () => ({ route: 1, http_method: 2 }));
  const { problems } = readAppDirectory(
    toFiles(sampleWith(v20210101, { "http_endpoints/config.json": endpoints })),
  );
  expect(problems.length).toBe(1001);
  expect(problems.map(({ message }) => message)).toContain("more than 1000; the rest is left out");
});

test("a file beyond the bound is left out", () => {
  const files = toFiles(v20210101).set("values/big.json", new Uint8Array(16 * 2 ** 20 + 1));
  expect(readAppDirectory(files).problems.map(formatProblem)).toEqual([
    "values/big.json: expected at most 16777216 bytes, found 16777217",
  ]);
});

test.for<[title: string, template: string]>([
  ["that opens and never closes", "%(".repeat(100_000)],
  ["within another", `%(${"%(%%environment.tag)".repeat(20_000)}`],
  ["of white space", `%(${" ".repeat(100_000)}`],
])("a template %s is read in no time", ([, template]) => {
  const sample = sampleWith(v20210101, { "values/a.json": { name: "a", value: template } });
  const { app } = readAppDirectory(toFiles(sample));
  expect(app.values.has("a")).toBe(true);
});
