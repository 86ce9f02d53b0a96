/** Wrappers whose value is an object of two fields in any order. */
import { closeBrace, colon, comma, type Cursor, expect, fail, openBrace, peek } from "./cursor.ts";
import { readText } from "./string.ts";

/** What a wrapper's reader has to know of its surroundings. */
export interface Reading {
  /** The byte where the wrapper's object begins. */
  readonly startAt: number;
  /** Reads an object and writes it as a document, whatever its keys. */
  readonly copyDocument: (cursor: Cursor) => void;
}

interface Pair<T> {
  readonly first: string;
  readonly second: string;
  readonly read: (cursor: Cursor) => T;
}

/** Reads both fields; no other may be there. */
export function readPair<T>(
  cursor: Cursor,
  reading: Reading,
  key: string,
  { first, second, read }: Pair<T>,
): readonly [T, T] {
  const refuse = (): never =>
    fail(cursor, `"${key}" must be an object with "${first}" and "${second}"`, reading.startAt);
  if (peek(cursor) !== openBrace) refuse();
  cursor.at += 1;
  const values = new Map<string, T>();
  for (let count = 0; count < 2; count += 1) {
    if (count > 0) expect(cursor, comma);
    const name = readText(cursor);
    if (name !== first && name !== second) refuse();
    expect(cursor, colon);
    peek(cursor);
    values.set(name, read(cursor));
  }
  if (values.size < 2) refuse();
  expect(cursor, closeBrace);
  return [values.get(first) as T, values.get(second) as T];
}
