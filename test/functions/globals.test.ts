import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  wanted,
} from "../support/functions.ts";

const aesKey = "603082712271C525E087BD999A4E0738";
const signed =
  "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvZSBTY2htb2UiLCJpYXQiOjE1NjU3MjEyMjMxODd9.-QL15ldu2BYuJokNWT6YRiwZQIiIpvq6Kyv-C6qslNdNiUVxo8zqLJZ1iEkNf2yZKMIrQuMCtIC1tzd2H31AxA";

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
});
const ec = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

type Row = readonly [title: string, body: string, outcome: string | RegExp];

/** Those marked as documented print what the original's pages show. */
const rows: readonly Row[] = [
  [
    "the classes of BSON say their names",
    'return [Object.values(BSON).every((each) => BSON[each.name] === each || each === BSON.ObjectID), new BSON.ObjectId().constructor.name, BSON.Decimal128.fromString("1").constructor.name];',
    '[true,"ObjectId","Decimal128"]',
  ],
  [
    "documented: a token is signed",
    'return utils.jwt.encode("HS512", { sub: "1234567890", name: "Joe Schmoe", iat: 1565721223187 }, "SuperSecret").split(".")[0];',
    '"eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9"',
  ],
  [
    "documented: a token is read",
    `return utils.jwt.decode("${signed}", "SuperSecret", false, ["HS512"]);`,
    '{"sub":"1234567890","name":"Joe Schmoe","iat":{"$numberLong":"1565721223187"}}',
  ],
  [
    "a token is read with its header",
    `return utils.jwt.decode("${signed}", "SuperSecret", true).header;`,
    '{"alg":"HS512","typ":"JWT"}',
  ],
  ["a token with another key", `utils.jwt.decode("${signed}", "other");`, /signature is invalid/],
  [
    "a token with a method that is not accepted",
    `utils.jwt.decode("${signed}", "SuperSecret", false, ["RS256"]);`,
    /signing method HS512 is invalid/,
  ],
  [
    "a token without signature",
    'const h = Buffer.from(\'{"alg":"none"}\').toString("base64url"); utils.jwt.decode(h + ".e30.", "x");',
    /token is malformed|signing method none is invalid/,
  ],
  [
    "a token that has expired",
    'utils.jwt.decode(utils.jwt.encode("HS256", { exp: 1 }, "k"), "k");',
    /token is expired/,
  ],
  [
    "a token's own header fields",
    'return utils.jwt.decode(utils.jwt.encode("HS256", {}, "k", { kid: "1", alg: "none" }), "k", true).header;',
    '{"alg":"HS256","typ":"JWT","kid":"1"}',
  ],
  [
    "a token of something else",
    'utils.jwt.encode("XX", {}, "k");',
    /jwt encode: "signingMethod" argument must be one of/,
  ],
  [
    "a token signed by RSA",
    "const t = utils.jwt.encode('RS256', { a: 'b' }, keys.rsaPrivate); return utils.jwt.decode(t, keys.rsaPublic, false, ['RS256']);",
    '{"a":"b"}',
  ],
  [
    "a token signed by RSA-PSS",
    "const t = utils.jwt.encode('PS384', { a: 'b' }, keys.rsaPrivate); return utils.jwt.decode(t, keys.rsaPublic);",
    '{"a":"b"}',
  ],
  [
    "a token signed by ECDSA",
    "const t = utils.jwt.encode('ES256', { a: 'b' }, keys.ecPrivate); return utils.jwt.decode(t, keys.ecPublic);",
    '{"a":"b"}',
  ],
  [
    "a token that claims a public key as its secret",
    "const t = utils.jwt.encode('HS256', {}, keys.rsaPublic); utils.jwt.decode(t, keys.rsaPublic);",
    /key is of invalid type/,
  ],
  [
    "documented: a message is decrypted",
    `return utils.crypto.decrypt("aes", BSON.Binary.fromBase64("WPBuIvJ6Bity43Uh822dW8QlVYVJaFUiDeUjlTiJXzptUuTYIKPlXekBQAJb"), "${aesKey}").text();`,
    '"MongoDB is great!"',
  ],
  [
    "a message is encrypted and decrypted",
    `return utils.crypto.decrypt("aes", utils.crypto.encrypt("aes", "é!", "${aesKey}"), "${aesKey}").text();`,
    '"é!"',
  ],
  [
    "a message that was changed",
    `utils.crypto.decrypt("aes", new BSON.Binary(Buffer.alloc(40)), "${aesKey}");`,
    /message authentication failed/,
  ],
  [
    "a key of a wrong length",
    'utils.crypto.encrypt("aes", "m", "short");',
    /crypto encrypt: "key" argument must be 16, 24 or 32 bytes long/,
  ],
  [
    "documented: an hmac",
    'return utils.crypto.hmac("hello!", "super-secret", "sha256", "base64");',
    '"SUXd6PRMaTXXgBGaGsIHzaDWgTSa6C3D44lRGrvRak0="',
  ],
  [
    "documented: a hash",
    'return utils.crypto.hash("sha256", "hello!").toBase64();',
    '"zgYJL7lI2f+sfRo3bkBLJrdXW8wR7gWkYV/vT+w6MIs="',
  ],
  [
    "a hash of bytes",
    'return utils.crypto.hash("md5", BSON.Binary.fromHex("00")).toHex();',
    '"93b885adfe0da089cdf634904fd59f71"',
  ],
  [
    "a hash of another kind",
    'utils.crypto.hash("sha512", "x");',
    /crypto hash: "hash_function" argument must be one of "sha1", "sha256", "md5"/,
  ],
  [
    "a signature by PSS",
    'const s = utils.crypto.sign("rsa", "m", keys.rsaPrivate, "pss"); return [utils.crypto.verify("rsa", "m", keys.rsaPublic, s, "pss"), utils.crypto.verify("rsa", "n", keys.rsaPublic, s, "pss")];',
    "[true,false]",
  ],
  [
    "a signature by PKCS1",
    'const s = utils.crypto.sign("rsa", "m", keys.rsaPrivate, "pkcs1v15"); return [utils.crypto.verify("rsa", "m", keys.rsaPublic, s, "pkcs1v15"), utils.crypto.verify("rsa", "m", keys.rsaPublic, s)];',
    "[true,false]",
  ],
  [
    "documented: JSON is read",
    'return JSON.parse(`{ "answer": 42, "submittedAt": "2020-03-02T16:50:24.475Z" }`);',
    '{"answer":{"$numberInt":"42"},"submittedAt":"2020-03-02T16:50:24.475Z"}',
  ],
  [
    "documented: JSON is written",
    'return JSON.stringify({ answer: 42, submittedAt: new Date("2020-03-02T16:46:47.977Z") });',
    JSON.stringify('{"answer":42,"submittedAt":"2020-03-02T16:46:47.977Z"}'),
  ],
  [
    "documented: EJSON is read",
    'return EJSON.parse(`{ "answer": { "$numberLong": "42" }, "submittedAt": { "$date": { "$numberLong": "1583167607977" } } }`);',
    '{"answer":{"$numberLong":"42"},"submittedAt":{"$date":{"$numberLong":"1583167607977"}}}',
  ],
  [
    "documented: EJSON is written",
    'return EJSON.stringify({ answer: 42, submittedAt: new Date("2020-03-02T16:46:47.977Z") });',
    JSON.stringify(
      '{"answer":{"$numberLong":"42"},"submittedAt":{"$date":{"$numberLong":"1583167607977"}}}',
    ),
  ],
  [
    "EJSON is written and read",
    'const v = { f: 1.5, o: BSON.ObjectId("5e58667d902d38559c802b13"), d: BSON.Decimal128.fromString("1.0"), b: BSON.Binary.fromHex("00") }; return EJSON.parse(EJSON.stringify(v));',
    '{"f":{"$numberDouble":"1.5"},"o":{"$oid":"5e58667d902d38559c802b13"},"d":{"$numberDecimal":"1.0"},"b":{"$binary":{"base64":"AA==","subType":"00"}}}',
  ],
  [
    "EJSON with a field named __proto__",
    'const v = EJSON.parse(\'{"__proto__": {"a": 1}}\'); return [v.a === undefined, Object.keys(v)];',
    '[true,["__proto__"]]',
  ],
  [
    "an id is printed as its digits",
    'return JSON.stringify({ id: BSON.ObjectId("5e58667d902d38559c802b13") });',
    JSON.stringify('{"id":"5e58667d902d38559c802b13"}'),
  ],
  [
    "documented: bytes of base64",
    'return BSON.Binary.fromBase64("VGVzdCBtZXNzYWdlIHBsZWFzZSBpZ25vcmU=").text();',
    '"Test message please ignore"',
  ],
  [
    "base64 without its padding",
    'BSON.Binary.fromBase64("VGU");',
    /the text must be padded base64/,
  ],
  [
    "documented: bytes of hexadecimal digits",
    'return BSON.Binary.fromHex("54657374").toHex();',
    '"54657374"',
  ],
  [
    "documented: typed numbers",
    "return [BSON.Int32(42), BSON.Long(600206158, 342), BSON.Double(1234.5678), BSON.Int32(), BSON.Long(), BSON.Double()];",
    '[{"$numberInt":"42"},{"$numberLong":"1469479021390"},{"$numberDouble":"1234.5678"},{"$numberInt":"0"},{"$numberLong":"0"},{"$numberDouble":"0.0"}]',
  ],
  [
    "values know their classes",
    "return [new BSON.ObjectId() instanceof BSON.ObjectId, BSON.Long(1) instanceof BSON.Long, BSON.Long.fromNumber(5).add(1).toString()];",
    '[true,true,"6"]',
  ],
  [
    "globals of the web",
    "return [new URL('https://a.b/?c=d').searchParams.get('c'), typeof fetch, atob('eA=='), new TextDecoder().decode(new TextEncoder().encode('é')), structuredClone({ a: 1 }).a];",
    '["d","function","x","é",{"$numberInt":"1"}]',
  ],
];

let bench: FunctionBench;
let deployed: Deployed;
beforeAll(async () => {
  bench = await openFunctionBench();
  const keys = {
    rsaPrivate: rsa.privateKey,
    rsaPublic: rsa.publicKey,
    ecPrivate: ec.privateKey,
    ecPublic: ec.publicKey,
  };
  const sources = rows.map(([, body], index) => [
    `row${index}`,
    `exports = async function () { const keys = ${JSON.stringify(keys)}; ${body} };`,
  ]);
  deployed = bench.deploy(Object.fromEntries(sources) as Record<string, string>);
});
afterAll(async () => {
  await bench.close();
});

test.for(rows)("globals: %s", async (row) => {
  expect(await deployed.show(`row${rows.indexOf(row)}`)).toEqual(wanted(row[2]));
});
