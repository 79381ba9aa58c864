import { writePackageCode } from "./package_code.ts";
import { createPackageManifest } from "./package_manifest.ts";
import { writePackageTypes } from "./package_types.ts";
import { CACHE_FOLDER, PACKAGE_FOLDER, ROOT } from "./project.ts";
import { installTools, runNpm } from "./tools.ts";

/** Description of a package by `npm pack`. */
export interface PackedPackage {
  /** Path of the archive. */
  readonly path: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly string[];
}

/** Builds the npm package into `npm/` and packs it into the cache. */
export async function buildPackage(): Promise<PackedPackage> {
  await installTools();
  await Deno.remove(PACKAGE_FOLDER, { recursive: true }).catch(() => {}); // the first build
  await Deno.mkdir(PACKAGE_FOLDER);
  const packages = await writePackageCode(PACKAGE_FOLDER);
  await writePackageTypes(PACKAGE_FOLDER);
  const manifest = JSON.stringify(createPackageManifest(packages), null, 2);
  await Deno.writeTextFile(`${PACKAGE_FOLDER}/package.json`, `${manifest}\n`);
  for (const name of ["README.md", "LICENSE", "CHANGELOG.md"]) {
    await Deno.copyFile(`${ROOT}/${name}`, `${PACKAGE_FOLDER}/${name}`);
  }
  return await pack();
}

async function pack(): Promise<PackedPackage> {
  const output = await runNpm(
    ["pack", "--json", `--pack-destination=${CACHE_FOLDER}`],
    PACKAGE_FOLDER,
  );
  const [packed] = JSON.parse(output);
  return {
    path: `${CACHE_FOLDER}/${packed.filename}`,
    packedBytes: packed.size,
    unpackedBytes: packed.unpackedSize,
    files: packed.files.map(({ path }: { path: string }) => path),
  };
}
