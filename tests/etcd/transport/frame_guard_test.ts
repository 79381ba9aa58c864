import assert from "node:assert/strict";
import {
  FrameScanner,
  hasGoAway,
  isServerPreface,
} from "../../../src/etcd/transport/frame_guard.ts";

/** Creates a frame of HTTP/2 with a payload that looks like headers of GOAWAY frames. */
function createFrame(type: number, length: number): number[] {
  const payload = Array.from({ length }, (_, index) => [0, 0, 8, 7][index % 4] ?? 0);
  return [length >> 16, (length >> 8) & 0xff, length & 0xff, type, 0, 0, 0, 0, 1, ...payload];
}

const FRAMES = [createFrame(4, 12), createFrame(4, 0), createFrame(0, 70_000), createFrame(7, 8)];

Deno.test("FrameScanner finds the same frames however the bytes are cut", () => {
  const bytes = Uint8Array.from(FRAMES.flat());
  for (const size of [1, 2, 8, 9, 10, 13, 100, 16_384, bytes.length]) {
    const scanner = new FrameScanner();
    const types: number[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      types.push(...scanner.scan(bytes.subarray(at, at + size)));
    }
    assert.deepEqual(types, [4, 4, 0, 7], `in pieces of ${size} bytes`);
  }
});

Deno.test("isServerPreface() and hasGoAway() recognize their frames", () => {
  assert.equal(isServerPreface([4, 8]), true);
  assert.equal(isServerPreface([0x54]), false);
  assert.equal(hasGoAway([4, 7]), true);
  assert.equal(hasGoAway([4, 0, 1]), false);
});
