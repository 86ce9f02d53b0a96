import { expect, test } from "vitest";
import { frameBytesMax, frameHeader, FrameReader } from "./frames.ts";

const frames = [
  { kind: 4, call: 1, sequence: 2, body: Buffer.from("hello") },
  { kind: 5, call: 2 ** 32 - 1, sequence: 0, body: Buffer.alloc(0) },
  { kind: 20, call: 3, sequence: 9, body: Buffer.alloc(1000, 7) },
];
const bytes = Buffer.concat(
  frames.flatMap(({ kind, call, sequence, body }) => [
    frameHeader(kind, call, sequence, body.length),
    body,
  ]),
);

test.for([1, 2, 3, 5, 7, 13, 14, 100, 5000])("frames: cut into pieces of %i bytes", (size) => {
  const reader = new FrameReader();
  const found: unknown[] = [];
  for (let at = 0; at < bytes.length; at += size)
    reader.push(bytes.subarray(at, at + size), (frame) => {
      found.push({ ...frame, body: Buffer.from(frame.body) });
    });
  expect(found).toEqual(frames);
});

test.for([0, 8, frameBytesMax + 1, 2 ** 32 - 1])("frames: a length of %i is refused", (length) => {
  const bad = Buffer.alloc(20);
  bad.writeUInt32LE(length, 0);
  expect(() => {
    new FrameReader().push(bad, () => {});
  }).toThrow(RangeError);
});
