/**
 * Builds the npm package into `npm/` and prints its size: `deno task npm`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { buildPackage } from "./npm/build.ts";

const toKilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;

const { path, packedBytes, unpackedBytes, files } = await buildPackage();
console.log(
  `npm/: ${files.length} files, ${toKilobytes(unpackedBytes)}; packed ${toKilobytes(packedBytes)}`,
);
console.log(path);
