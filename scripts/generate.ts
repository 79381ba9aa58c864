/**
 * Generates `src/web/generated/page_files.ts` from `src/web/page/`, and
 * `src/etcd/transport/generated/` from `proto/`. The TypeScript types come from the
 * generator of proto-loader; `descriptor.ts` has the compiled schema, so that no file is read
 * at run time. With `--check` the files are only compared.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { loadSync } from "@grpc/proto-loader";
import { Buffer } from "node:buffer";
import { createPageModule, PAGE_FILES_PATH } from "./page/page_files.ts";

const ROOT = new URL("../", import.meta.url);
const TARGET = new URL("src/etcd/transport/generated/", ROOT);
const GENERATOR = "npm:@grpc/proto-loader/proto-loader-gen-types";

/** Options of the generated types; `src/etcd/transport/rpc_methods.ts` loads with the same ones. */
const TYPE_OPTIONS = ["--keepCase", "--longs=String", "--enums=String", "--defaults", "--oneofs"];

/** Makes the generated code take the types of gRPC from the one file that imports the packages. */
function redirectImports(name: string, code: string): string {
  const target = `${"../".repeat(name.split("/").length)}grpc_js.ts`;
  return code
    .replaceAll(
      /import type \* as grpc from '@grpc\/grpc-js'/g,
      `import type { grpc } from '${target}'`,
    )
    .replaceAll("'@grpc/proto-loader'", `'${target}'`);
}

async function generateTypes(outDir: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      GENERATOR,
      ...TYPE_OPTIONS,
      "--grpcLib=@grpc/grpc-js",
      "--importFileExtension=.ts",
      `--outDir=${outDir}`,
      "-I",
      "proto",
      "--",
      "rpc.proto",
    ],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`type generator failed:\n${new TextDecoder().decode(stderr)}`);
}

/** Serializes a `google.protobuf.FileDescriptorSet` of the proto files. */
function serializeDescriptors(): Uint8Array {
  const definition = loadSync("rpc.proto", {
    includeDirs: [fileURLToPath(new URL("proto", ROOT))],
    keepCase: true,
  });
  const files = new Map<string, Uint8Array>();
  for (const entry of Object.values(definition)) {
    if (!("fileDescriptorProtos" in entry) || !Array.isArray(entry.fileDescriptorProtos)) continue;
    for (const file of entry.fileDescriptorProtos) {
      files.set(Buffer.from(file).toString("base64"), file);
    }
  }
  const bytes: number[] = [];
  for (const file of files.values()) bytes.push(0x0a, ...varint(file.length), ...file);
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

async function generate(outDir: string): Promise<void> {
  await generateTypes(outDir);
  for (const [name, text] of await readTree(outDir)) {
    await Deno.writeTextFile(`${outDir}/${name}`, redirectImports(name, text));
  }
  const lines = Buffer.from(serializeDescriptors()).toString("base64").match(/.{1,96}/g) ?? [];
  await Deno.writeTextFile(
    `${outDir}/descriptor.ts`,
    `// Generated from proto/ by \`deno task generate\`; do not edit.\n\n` +
      `/** The compiled schema: a FileDescriptorSet in base64. */\n` +
      `export const DESCRIPTOR_SET: string =\n${
        lines.map((line) => `  "${line}"`).join(" +\n")
      };\n`,
  );
}

async function readTree(folder: string, prefix = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      const below = await readTree(path, `${prefix}${entry.name}/`);
      for (const [name, text] of below) files.set(name, text);
    } else files.set(prefix + entry.name, await Deno.readTextFile(path));
  }
  return files;
}

/** Returns the names of the files that differ between two trees. */
async function findDifferences(left: string, right: string): Promise<string[]> {
  const [a, b] = await Promise.all([readTree(left), readTree(right)]);
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].filter((name) => a.get(name) !== b.get(name)).sort();
}

/** Writes the files of the page as a module, or compares it; returns whether it is right. */
async function generatePage(isCheck: boolean): Promise<boolean> {
  const module = await createPageModule();
  const before = await Deno.readTextFile(PAGE_FILES_PATH).catch(() => "");
  if (!isCheck && module !== before) await Deno.writeTextFile(PAGE_FILES_PATH, module);
  if (!isCheck || module === before) return true;
  console.error("src/web/generated differs from src/web/page/");
  console.error("Run: deno task generate");
  return false;
}

if (!await generatePage(Deno.args.includes("--check"))) Deno.exit(1);
const temporary = await Deno.makeTempDir({ prefix: "etcd3-generate-" });
try {
  await generate(temporary);
  const target = fileURLToPath(TARGET).replace(/\/$/, "");
  if (Deno.args.includes("--check")) {
    const changed = await findDifferences(temporary, target);
    if (changed.length > 0) {
      console.error(`src/etcd/transport/generated differs from proto/: ${changed.join(", ")}`);
      console.error("Run: deno task generate");
      Deno.exit(1);
    }
    console.log("src/etcd/transport/generated matches proto/");
  } else {
    await Deno.remove(target, { recursive: true }).catch(() => {});
    await Deno.mkdir(target, { recursive: true });
    for (const [name, text] of await readTree(temporary)) {
      const path = `${target}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, text);
    }
    console.log("wrote src/etcd/transport/generated");
  }
} finally {
  await Deno.remove(temporary, { recursive: true });
}
