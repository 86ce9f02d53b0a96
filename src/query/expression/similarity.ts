/** `$similarityCosine $similarityDotProduct $similarityEuclidean` (MongoDB 8.2): of two lists of numbers. */
import { Double, isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import { isNullish } from "../truth.ts";
import { isDoc } from "./named-arguments.ts";
import { type CompileOperator, type Evaluate, type Frame, fold, spend } from "./operator.ts";

interface Measure {
  readonly of: (left: readonly number[], right: readonly number[]) => number;
  /** Brings it to 0 to 1, as vector search does. */
  readonly score: (similarity: number) => number;
}

function dot(left: readonly number[], right: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1)
    sum += (left[index] as number) * (right[index] as number);
  return sum;
}

const half = (similarity: number): number => (1 + similarity) / 2;

const measures: ReadonlyMap<string, Measure> = new Map([
  ["$similarityDotProduct", { of: dot, score: half }],
  [
    "$similarityCosine",
    {
      of: (left, right) => {
        const lengths = Math.sqrt(dot(left, left)) * Math.sqrt(dot(right, right));
        return lengths === 0 ? 0 : dot(left, right) / lengths;
      },
      score: half,
    },
  ],
  [
    "$similarityEuclidean",
    {
      of: (left, right) => {
        const between = left.map((each, index) => each - (right[index] as number));
        return Math.sqrt(dot(between, between));
      },
      score: (distance) => 1 / (1 + distance),
    },
  ],
] satisfies [string, Measure][]);

function compileSimilarity({ of, score }: Measure): CompileOperator {
  return (operand, compiler, name) => {
    const { vectors, isScore } = readOperand(operand, name);
    const args = vectors.map((each) => compiler.compile(each));
    const [left, right] = args as [Evaluate, Evaluate];
    return fold((frame) => {
      const given = [left(frame), right(frame)] as const;
      if (isNullish(given[0]) || isNullish(given[1])) return null;
      const [one, other] = given.map((each) => toVector(each as Value, name, frame)) as [
        readonly number[],
        readonly number[],
      ];
      if (one.length !== other.length)
        throw new MongoError(10_413_202, `${name} requires both vectors to have the same size`);
      const similarity = of(one, other);
      return new Double(isScore ? score(similarity) : similarity);
    }, args);
  };
}

function readOperand(
  operand: Value,
  name: string,
): { readonly vectors: readonly Value[]; readonly isScore: boolean } {
  const vectors = isDoc(operand) ? operand.get("vectors") : operand;
  if (!isArray(vectors) || vectors.length !== 2)
    throw new MongoError(16_020, `Expression ${name} takes exactly 2 arguments.`);
  if (!isDoc(operand)) return { vectors, isScore: false };
  for (const key of operand.keys())
    if (key !== "vectors" && key !== "score")
      throw failedToParse(`${name} found an unknown argument: ${key}`);
  const score = operand.get("score") ?? false;
  if (typeof score !== "boolean") throw typeMismatch(`${name}: 'score' must be a boolean`);
  return { vectors, isScore: score };
}

function toVector(value: Value, name: string, frame: Frame): readonly number[] {
  if (!isArray(value))
    throw typeMismatch(`${name} requires array inputs, but input is of type ${typeName(value)}`);
  spend(frame, value.length);
  return value.map((each) => {
    if (!isNumber(each))
      throw typeMismatch(`${name} requires arrays of numbers, but found ${typeName(each)}`);
    return toDouble(each);
  });
}

export const similarityOperators: ReadonlyMap<string, CompileOperator> = new Map(
  [...measures].map(([name, measure]) => [name, compileSimilarity(measure)]),
);
