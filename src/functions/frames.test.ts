import { expect, test } from "vitest";
import { frameBytesMax, frameKinds, FrameReader, FrameWriter } from "./frames.ts";

const frames = [
  { kind: "call", call: 1, sequence: 2, body: Buffer.from("hello") },
  { kind: "reply", call: 2 ** 32 - 1, sequence: 0, body: Buffer.alloc(0) },
  { kind: "failed", call: 3, sequence: 9, body: Buffer.alloc(1000, 7) },
] as const;

function write(writer: FrameWriter): void {
  for (const { kind, call, sequence, body } of frames) {
    writer.begin(kind, call, sequence).bytes(body);
    writer.end();
  }
}

const writer = new FrameWriter();
write(writer);
const bytes = writer.take();
const asRead = frames.map(({ kind, ...frame }) => ({ ...frame, kind: frameKinds[kind] }));

test.for([1, 2, 3, 5, 7, 13, 14, 100, 5000])("frames: cut into pieces of %i bytes", (size) => {
  const reader = new FrameReader();
  const found: unknown[] = [];
  for (let at = 0; at < bytes.length; at += size)
    reader.push(bytes.subarray(at, at + size), (frame) => {
      found.push({ ...frame, body: Buffer.from(frame.body) });
    });
  expect(found).toEqual(asRead);
});

test.for([0, 8, frameBytesMax + 1, 2 ** 32 - 1])("frames: a length of %i is refused", (length) => {
  const bad = Buffer.alloc(20);
  bad.writeUInt32LE(length, 0);
  expect(() => {
    new FrameReader().push(bad, () => {});
  }).toThrow(RangeError);
});

test("frames: what was taken stays as it is, and one that was taken back is not there", () => {
  const found: Buffer[] = [];
  for (let round = 0; round < 200; round += 1) {
    writer.begin("call", 9, 9).bytes(Buffer.alloc(500, round));
    writer.undo();
    expect(writer.waitingBytes).toBe(0);
    write(writer);
    expect(writer.waitingBytes).toBe(bytes.length);
    found.push(writer.take());
  }
  expect(found.every((each) => each.equals(bytes))).toBe(true);
});

test("frames: one larger than all before", () => {
  const body = Buffer.alloc(2 ** 20, 5);
  writer.begin("reply", 1, 1).bytes(body);
  writer.end();
  const found: Buffer[] = [];
  new FrameReader().push(writer.take(), (frame) => found.push(frame.body));
  expect(found.map((each) => each.equals(body))).toEqual([true]);
});
