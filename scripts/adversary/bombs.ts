import { brotliCompressSync, constants, deflateRawSync, gzipSync } from "node:zlib";

/** Compressed body that a hostile peer sends. */
export interface Bomb {
  /** Description for the table. */
  readonly name: string;
  /** Value of `content-encoding`. */
  readonly coding: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Status of the server's answer. */
  readonly status: number;
  /** Code of the client's error. */
  readonly code: "too-large" | "invalid-reply";
}

const MB = 1024 * 1024;

/** Returns a raw deflate stream of about 1 MB that inflates to 1 GB. */
function deflateGigabyte(): Uint8Array {
  const options = { finishFlush: constants.Z_FULL_FLUSH };
  const part = deflateRawSync(new Uint8Array(64 * MB), options);
  return join([...Array.from({ length: 16 }, () => part), Uint8Array.of(3, 0)]);
}

function createNoise(length: number): Uint8Array {
  const noise = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(noise.subarray(at, at + 65_536));
  }
  return noise;
}

/** Returns the beginning of a raw deflate stream that takes nearly all that a body may take. */
function deflateNoise(): Uint8Array {
  const options = { finishFlush: constants.Z_FULL_FLUSH };
  return deflateRawSync(createNoise(2.5 * MB), options);
}

function deflateWithBrotli(windowBits: number): Uint8Array {
  const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = constants;
  const params = { [quality]: 5, [window]: windowBits };
  return brotliCompressSync(new Uint8Array(256 * MB), { params });
}

function repeat(part: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  return join(Array.from({ length: Math.floor(bytes / part.length) }, () => part));
}

/** Creates all kinds. The checksums of those that end with a gigabyte are never reached. */
export function createBombs(): readonly Bomb[] {
  const raw = deflateGigabyte();
  const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
  const gzip = join([head, raw, new Uint8Array(8)]);
  const zlib = join([Uint8Array.of(0x78, 0x9c), raw, new Uint8Array(4)]);
  const noise = gzipSync(createNoise(3 * MB));
  const tooLarge = { status: 413, code: "too-large" } as const;
  const broken = { status: 400, code: "invalid-reply" } as const;
  const refused = { status: 415, code: "invalid-reply" } as const;
  return [
    { name: "gzip", coding: "gzip", body: gzip, ...tooLarge },
    { name: "late", coding: "gzip", body: join([head, deflateNoise(), raw]), ...tooLarge },
    { name: "x-gzip", coding: "X-GZip", body: gzip, ...tooLarge },
    { name: "deflate with the header of zlib", coding: "deflate", body: zlib, ...tooLarge },
    { name: "raw deflate", coding: "deflate", body: join([raw]), ...tooLarge },
    {
      name: "br",
      coding: "br",
      body: join([deflateWithBrotli(22)]),
      status: 415,
      code: "too-large",
    },
    { name: "br, largest window", coding: "br", body: join([deflateWithBrotli(24)]), ...refused },
    { name: "identity", coding: "identity", body: new Uint8Array(9 * MB), ...tooLarge },
    { name: "gzip in gzip", coding: "gzip, gzip", body: join([gzipSync(gzip)]), ...refused },
    { name: "members", coding: "gzip", body: repeat(gzipSync("x".repeat(1000)), MB), ...tooLarge },
    {
      name: "empty members",
      coding: "gzip",
      body: repeat(gzipSync(""), 4 * MB),
      status: 200, // of nothing: the answer is a fault
      code: "invalid-reply",
    },
    { name: "garbage", coding: "gzip", body: join([gzipSync("x"), createNoise(MB)]), ...broken },
    { name: "cut zeros", coding: "gzip", body: gzip.slice(0, -1000), ...tooLarge },
    { name: "cut noise", coding: "gzip", body: join([noise.subarray(0, -1000)]), ...broken },
  ];
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
