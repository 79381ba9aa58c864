import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { inflateBody, type Inflated, openBody } from "../../src/http/mod.ts";

const encode = (text: string) => new TextEncoder().encode(text);
/** Bytes that hardly shrink, so that a compressed body of them is long too. */
const NOISE = new Uint8Array(300_000).map((_, index) => (index * index * 2_654_435_761) >>> 13);

/** Ways to compress, by the name of the coding. */
const CODINGS: readonly [coding: string, compress: (bytes: Uint8Array) => Uint8Array][] = [
  ["gzip", gzipSync],
  [" X-GZIP ", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", (bytes) => brotliCompressSync(bytes)],
  ["identity", (bytes) => bytes],
];

function describe(inflated: Inflated): string | number {
  return typeof inflated === "string" ? inflated : inflated.length;
}

Deno.test("inflateBody undoes every coding of short and long bodies, up to the limit", async () => {
  for (const [coding, compress] of CODINGS) {
    for (const bytes of [encode("hello"), new Uint8Array(500_000).fill(65), NOISE]) {
      const body = compress(bytes);
      const inflated = await inflateBody(body, coding, bytes.length);
      assert.notEqual(typeof inflated, "string", coding);
      assert.deepEqual(Uint8Array.from(inflated as Uint8Array), bytes, coding);
      if (coding === "identity") continue; // the length of what arrived is limited before
      assert.equal(await inflateBody(body, coding, bytes.length - 1), "too-large", coding);
      if (coding === "br") continue; // Deno does not notice that its end is missing
      assert.equal(await inflateBody(body.subarray(0, -6), coding, 1e6), "broken", coding);
    }
  }
});

Deno.test("inflateBody inflates a body of many members, and many bodies at once", async () => {
  const member = gzipSync("x".repeat(1000));
  const body = new Uint8Array(300 * member.length);
  for (let at = 0; at < body.length; at += member.length) body.set(member, at);
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, index) => inflateBody(body, "gzip", index < 5 ? 1e6 : 1e5)),
  );
  const expected = Array.from({ length: 10 }, (_, index) => index < 5 ? 300_000 : "too-large");
  assert.deepEqual(results.map(describe), expected);
});

Deno.test("inflateBody refuses codings that it does not know, and brotli with a large window", async () => {
  for (const coding of ["zstd", "gzip, gzip", "gzip,identity", "compress"]) {
    assert.equal(await inflateBody(gzipSync("x"), coding, 100), "unknown-coding", coding);
  }
  for (const [bits, result] of [[22, 9_000_000], [23, "broken"], [24, "broken"]] as const) {
    const params = { [constants.BROTLI_PARAM_LGWIN]: bits };
    const body = brotliCompressSync(new Uint8Array(9_000_000), { params });
    assert.equal(describe(await inflateBody(body, "br", 9_000_000)), result, String(bits));
  }
});

/** Creates a stream of bytes that records whether it was cancelled. */
function createBody(pieces: readonly Uint8Array<ArrayBuffer>[], type: "bytes" | undefined) {
  const record = { isCancelled: false };
  const iterator = pieces.values();
  const source = {
    pull(controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>) {
      const { value } = iterator.next();
      if (value !== undefined) return controller.enqueue(value.slice());
      controller.close();
      if ("byobRequest" in controller) controller.byobRequest?.respond(0);
    },
    cancel: () => void (record.isCancelled = true),
  };
  const body = type === "bytes"
    ? new ReadableStream({ ...source, type })
    : new ReadableStream<Uint8Array<ArrayBuffer>>(source);
  return { body, record };
}

Deno.test("openBody reads streams of any kind and pieces of any size, up to the limit", async () => {
  const bytes = encode("0123456789".repeat(2000));
  for (const type of ["bytes", undefined] as const) {
    for (const size of [1, 7, 16_384, 20_000]) {
      const pieces = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, index) => bytes.slice(index * size, (index + 1) * size),
      );
      const whole = createBody(pieces, type);
      assert.deepEqual(await openBody(whole.body, { maxBytes: 20_000 }).bytes, bytes);
      assert.equal(whole.record.isCancelled, false);
      const long = createBody([...pieces, ...Array.from("xyz", encode)], type);
      assert.equal(await openBody(long.body, { maxBytes: 20_000 }).bytes, "too-large");
      assert.equal(long.record.isCancelled, true);
    }
  }
  assert.equal((await openBody(null, { maxBytes: 1 }).bytes).length, 0);
});

Deno.test("openBody gives up a bomb after its first 64 KB, and a cancelled body", async () => {
  const bomb = gzipSync(new Uint8Array(300_000_000));
  const pieces = Array.from({ length: 10 }, (_, at) => bomb.slice(at * 20_000, (at + 1) * 20_000));
  let read = 0;
  const counted = pieces.values().map((piece) => (read++, new Uint8Array(piece)));
  const body = ReadableStream.from(counted);
  assert.equal(await openBody(body, { maxBytes: 1e6, coding: "gzip" }).bytes, "too-large");
  assert.ok(read < 7, `${read} pieces were read`);
  const endless = createBody([], "bytes");
  const never = new ReadableStream({ type: "bytes", cancel: () => endless.body.cancel() });
  const open = openBody(never, { maxBytes: 10 });
  open.cancel();
  assert.equal(await open.bytes, "broken");
  assert.equal(endless.record.isCancelled, true);
});

Deno.test("openBody frees the memory of a bomb once no thread inflates it any more", async () => {
  // Node inflates in a thread: a process ended where that memory was given back.
  const { write } = Duplex.prototype;
  const running = new Set<unknown>();
  let written = 0;
  Duplex.prototype.write = function (this: Duplex, chunk: unknown) {
    written++;
    running.add(chunk);
    return Reflect.apply(write, this, [chunk, () => running.delete(chunk)]);
  };
  try {
    for (const length of [10_000, 62_000, 100_000, 240_000]) { // found early, or at the end
      const pieces = [
        gzipSync(new Uint8Array(length), { level: 0 }),
        gzipSync(new Uint8Array(5_000_000)),
      ].map((piece) => Uint8Array.from(piece));
      const { body } = createBody(pieces, "bytes");
      assert.equal(await openBody(body, { maxBytes: 1e6, coding: "gzip" }).bytes, "too-large");
      assert.equal(running.size, 0, `after ${length} bytes`);
    }
  } finally {
    Duplex.prototype.write = write;
  }
  assert.ok(written > 5, `${written} pieces`);
});
