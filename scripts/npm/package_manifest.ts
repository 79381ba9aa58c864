import { ENTRY_POINTS, IMPORTED_VERSIONS, PROJECT, toStem } from "./project.ts";
import { PROGRAM } from "./package_code.ts";

/** Packages that every program needs. Others belong to a subpath, whose users install them. */
const REQUIRED = ["@grpc/grpc-js", "@grpc/proto-loader", "xmlbuilder2"];

/**
 * Returns the `package.json` of the npm package.
 *
 * @param packages names of the packages that its code imports
 */
export function createPackageManifest(packages: ReadonlySet<string>): Record<string, unknown> {
  const optional = [...packages].filter((name) => !REQUIRED.includes(name)).sort();
  const { name, version, description, license } = PROJECT;
  return {
    name,
    version,
    description,
    license,
    keywords: ["etcd", "service-discovery", "rpc", "xml-rpc", "osgi", "remote-services"],
    type: "module",
    engines: { node: ">=22.12", bun: ">=1.4" },
    sideEffects: [`./${PROGRAM}.js`],
    exports: {
      ...Object.fromEntries([...ENTRY_POINTS].map(([subpath, path]) => [subpath, {
        types: `./${toStem(path)}.d.ts`,
        default: `./${toStem(path)}.js`,
      }])),
      "./package.json": "./package.json",
    },
    bin: { "remote-services": `${PROGRAM}.js` },
    dependencies: selectVersions(REQUIRED),
    ...(optional.length === 0 ? {} : {
      peerDependencies: selectVersions(optional),
      peerDependenciesMeta: Object.fromEntries(
        optional.map((name) => [name, { optional: true }]),
      ),
    }),
  };
}

function selectVersions(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => {
    const version = IMPORTED_VERSIONS.get(name);
    if (version === undefined) throw new Error(`Cannot require ${name}: deno.json has no version`);
    return [name, version];
  }));
}
