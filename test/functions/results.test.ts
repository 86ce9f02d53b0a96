import { playFunctionRows } from "../support/function-rows.ts";

playFunctionRows("what a function returns", [
  ["nothing", "exports = () => {};", [], "undefined"],
  ["null", "exports = () => null;", [], "null"],
  ["a whole number", "exports = () => 42;", [], '{"$numberInt":"42"}'],
  [
    "a whole number beyond 32 bits",
    "exports = () => 2 ** 40;",
    [],
    '{"$numberLong":"1099511627776"}',
  ],
  ["a whole number beyond 53 bits", "exports = () => 1e300;", [], '{"$numberDouble":"1e+300"}'],
  ["a fraction", "exports = () => ({ pi: 3.14159 });", [], '{"pi":{"$numberDouble":"3.14159"}}'],
  [
    "minus zero, infinity and NaN",
    "exports = () => [-0, 1 / 0, 0 / 0];",
    [],
    '[{"$numberDouble":"-0.0"},{"$numberDouble":"Infinity"},{"$numberDouble":"NaN"}]',
  ],
  [
    "a date",
    "exports = () => new Date(1652297239913);",
    [],
    '{"$date":{"$numberLong":"1652297239913"}}',
  ],
  [
    "a date that is none",
    "exports = () => new Date('x');",
    [],
    "FunctionExecutionError: an invalid date can not be stored",
  ],
  [
    "typed values",
    "exports = () => [BSON.Int32(1), BSON.Long(2), BSON.Double(3), BSON.Decimal128.fromString('4.50')];",
    [],
    '[{"$numberInt":"1"},{"$numberLong":"2"},{"$numberDouble":"3.0"},{"$numberDecimal":"4.50"}]',
  ],
  [
    "ids, patterns and bounds",
    "exports = () => [BSON.ObjectId('5e58667d902d38559c802b13'), BSON.BSONRegExp('the great', 'ig'), BSON.MinKey, BSON.MaxKey, /a/i];",
    [],
    '[{"$oid":"5e58667d902d38559c802b13"},{"$regularExpression":{"pattern":"the great","options":"i"}},{"$minKey":1},{"$maxKey":1},{"$regularExpression":{"pattern":"a","options":"i"}}]',
  ],
  [
    "bytes",
    "exports = () => [BSON.Binary.fromHex('5465'), Buffer.from('Te')];",
    [],
    '[{"$binary":{"base64":"VGU=","subType":"00"}},{"$binary":{"base64":"VGU=","subType":"00"}}]',
  ],
  [
    "fields without a value are left out",
    "exports = () => ({ a: undefined, b: () => 1, c: 1, d: [undefined] });",
    [],
    '{"c":{"$numberInt":"1"},"d":[null]}',
  ],
  [
    "a field named __proto__",
    'exports = () => JSON.parse(\'{"__proto__": {"a": "b"}}\');',
    [],
    '{"__proto__":{"a":"b"}}',
  ],
  [
    "objects of classes",
    "exports = () => new (class { constructor() { this.a = 'x'; } })();",
    [],
    '{"a":"x"}',
  ],
  ["a big integer", "exports = () => 2n ** 62n;", [], '{"$numberLong":"4611686018427387904"}'],
  [
    "an integer that is too big",
    "exports = () => 2n ** 70n;",
    [],
    "FunctionExecutionError: 1180591620717411303424 needs more than 64 bits",
  ],
  [
    "a cycle",
    "exports = () => { const a = {}; a.a = a; return a; };",
    [],
    "FunctionExecutionError: more than 200 levels of nesting",
  ],
  [
    "a cursor",
    "exports = () => context.services.get('mongodb-atlas').db('d').collection('c').find();",
    [],
    "FunctionExecutionError: a cursor can not be used as a value: call toArray() or next() on it",
  ],
  [
    "a rejected promise",
    "exports = () => Promise.reject(new Error('no'));",
    [],
    "FunctionExecutionError: no",
  ],
  ["something thenable", "exports = () => ({ then: (resolve) => resolve('t') });", [], '"t"'],
]);

playFunctionRows("what a function throws", [
  ["an error", "exports = () => { throw new TypeError('no'); };", [], "FunctionExecutionError: no"],
  ["a text", "exports = () => { throw 'no'; };", [], "FunctionExecutionError: no"],
  ["a number", "exports = () => { throw 5; };", [], "FunctionExecutionError: 5"],
  ["nothing", "exports = () => { throw undefined; };", [], "FunctionExecutionError: undefined"],
  ["an object", "exports = () => { throw { a: 1 }; };", [], 'FunctionExecutionError: {"a":1}'],
  [
    "an object with a message",
    "exports = () => { throw { message: 'no' }; };",
    [],
    "FunctionExecutionError: no",
  ],
  [
    "a trap",
    "exports = () => { throw { get message() { throw 1; } }; };",
    [],
    "FunctionExecutionError: the function threw something that can not be shown",
  ],
  [
    "from a timer",
    "exports = () => new Promise(() => setTimeout(() => { throw new Error('timer'); }, 1));",
    [],
    "FunctionExecutionError: timer",
  ],
  [
    "into nobody's hands",
    "exports = () => { Promise.reject(new Error('lost')); return new Promise(() => {}); };",
    [],
    "FunctionExecutionError: lost",
  ],
  [
    "by reading what is not there",
    "exports = () => context.services.get('nope').db('x');",
    [],
    /^FunctionExecutionError: Cannot read properties of undefined \(reading 'db'\)/,
  ],
]);

playFunctionRows("arguments", [
  [
    "are as many as there are",
    "exports = (...args) => args.length;",
    [1, "a", null],
    '{"$numberInt":"3"}',
  ],
  [
    "of Int64 compute as numbers",
    "exports = (n) => [n + 1, n > 4, `${n}`];",
    [5n],
    '[{"$numberInt":"6"},true,"5"]',
  ],
  ["of Int64 stay what they are", "exports = (n) => n;", [5n], '{"$numberLong":"5"}'],
  ["keep objects", "exports = ({ a }) => a;", [], /^FunctionExecutionError: Cannot destructure/],
]);
