import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findViolations, formatViolation } from "../../scripts/check_layers.ts";
import { findImports, maskSource } from "../../scripts/layers/source_text.ts";

type Files = Readonly<Record<string, string>>;

/** Writes files to a temporary folder and returns the violations found there, one a line. */
async function check(files: Files): Promise<string[]> {
  const root = await Deno.makeTempDir({ prefix: "check-layers-" });
  try {
    for (const [path, source] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, source);
    }
    return (await findViolations(root)).map(formatViolation);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const empty = "export {};\n";
const imports = (specifier: string) => `import "${specifier}";\n`;

Deno.test("check_layers accepts imports that point down through mod.ts", async () => {
  const found = await check({
    "mod.ts": imports("./src/host/mod.ts"),
    "src/util/mod.ts": empty,
    "src/etcd/mod.ts": imports("./transport/mod.ts"),
    "src/etcd/errors.ts": imports("../util/mod.ts"),
    "src/etcd/transport/mod.ts": imports("../errors.ts"),
    "src/discovery/mod.ts": empty,
    "src/discovery/etcd3/mod.ts": imports("../mod.ts") + imports("../../etcd/mod.ts"),
    "src/host/mod.ts": imports("../discovery/etcd3/mod.ts"),
    "examples/hello.ts": imports("../mod.ts") + imports("../src/etcd/mod.ts"),
    "tests/etcd/errors_test.ts": imports("../../src/etcd/errors.ts"),
  });
  assert.deepEqual(found, []);
});

const WRONG_IMPORTS: readonly [claim: string, files: Files, violation: string][] = [
  [
    "an import that points up",
    { "src/etcd/kv.ts": imports("../host/mod.ts") },
    "src/etcd/kv.ts:1: Cannot import ../host/mod.ts: etcd may not import host [layer]",
  ],
  [
    "an import between folders of one floor",
    { "src/http/server.ts": imports("../etcd/mod.ts") },
    "src/http/server.ts:1: Cannot import ../etcd/mod.ts: http may not import etcd [layer]",
  ],
  [
    "an upward import of a type",
    { "src/util/a.ts": `\nexport type { Kv } from "../etcd/mod.ts";\n` },
    "src/util/a.ts:2: Cannot import ../etcd/mod.ts: util may not import etcd [layer]",
  ],
  [
    "an upward import that is dynamic",
    { "src/util/a.ts": `const { Kv } = await import("../etcd/mod.ts");\n` },
    "src/util/a.ts:1: Cannot import ../etcd/mod.ts: util may not import etcd [layer]",
  ],
  [
    "a contract that imports its provider",
    { "src/discovery/mod.ts": imports("./etcd3/mod.ts") },
    "src/discovery/mod.ts:1: Cannot import ./etcd3/mod.ts: discovery may not import " +
    "discovery/etcd3 [layer]",
  ],
  [
    "a provider that imports another one",
    { "src/discovery/memory/hub.ts": imports("../etcd3/mod.ts") },
    "src/discovery/memory/hub.ts:1: Cannot import ../etcd3/mod.ts: discovery/memory may not " +
    "import discovery/etcd3 [layer]",
  ],
  [
    "a provider that imports Remote Service Admin",
    { "src/distribution/xmlrpc/a.ts": imports("../../rsa/mod.ts") },
    "src/distribution/xmlrpc/a.ts:1: Cannot import ../../rsa/mod.ts: distribution/xmlrpc may " +
    "not import rsa [layer]",
  ],
  [
    "an import of the root module from below",
    { "src/shell/a.ts": imports("../../mod.ts") },
    "src/shell/a.ts:1: Cannot import ../../mod.ts: the root module stands above all of src/ " +
    "[layer]",
  ],
  [
    "a folder without a row in the table",
    { "src/misc/a.ts": imports("../util/mod.ts") },
    "src/misc/a.ts:1: Cannot import ../util/mod.ts: misc has no row in ALLOWED_IMPORTS [layer]",
  ],
  [
    "an import of tests from the library",
    { "src/util/a.ts": imports("../../tests/support/etcd.ts") },
    "src/util/a.ts:1: Cannot import ../../tests/support/etcd.ts: the library does not import " +
    "tests, scripts or examples [layer]",
  ],
  [
    "an import of scripts from the library",
    { "mod.ts": imports("./scripts/etcd.ts") },
    "mod.ts:1: Cannot import ./scripts/etcd.ts: the library does not import tests, scripts or " +
    "examples [layer]",
  ],
  [
    "an import of a private file of another folder",
    { "src/etcd/kv.ts": imports("../util/clock.ts") },
    "src/etcd/kv.ts:1: Cannot import ../util/clock.ts: another folder is entered through its " +
    "mod.ts only [face]",
  ],
  [
    "an import of a private file of a folder below",
    { "src/etcd/kv.ts": imports("./transport/dial.ts") },
    "src/etcd/kv.ts:1: Cannot import ./transport/dial.ts: another folder is entered through " +
    "its mod.ts only [face]",
  ],
  [
    "an import of a folder that is private to another one",
    { "src/discovery/etcd3/a.ts": imports("../../etcd/transport/mod.ts") },
    "src/discovery/etcd3/a.ts:1: Cannot import ../../etcd/transport/mod.ts: src/etcd/transport " +
    "is private to src/etcd [face]",
  ],
  [
    "an import of a folder that is private to a provider",
    { "src/host/a.ts": imports("../discovery/etcd3/mirror/mod.ts") },
    "src/host/a.ts:1: Cannot import ../discovery/etcd3/mirror/mod.ts: " +
    "src/discovery/etcd3/mirror is private to src/discovery/etcd3 [face]",
  ],
  [
    "an example that imports a private file",
    { "examples/hello.ts": imports("../src/etcd/kv.ts") },
    "examples/hello.ts:1: Cannot import ../src/etcd/kv.ts: examples use the public entry " +
    "points only [face]",
  ],
  [
    "a package that is not listed",
    { "src/util/a.ts": imports("npm:lodash@4") },
    "src/util/a.ts:1: Cannot import npm:lodash@4: no file of src/ may use this package; see " +
    "OUTSIDE_THINGS [package]",
  ],
  [
    "files that import each other, even for types",
    {
      "src/util/a.ts": `import type { B } from "./b.ts";\n`,
      "src/util/b.ts": imports("./c.ts"),
      "src/util/c.ts": imports("./a.ts"),
    },
    "src/util/a.ts:1: Cannot import in a circle: src/util/a.ts -> src/util/b.ts -> " +
    "src/util/c.ts -> src/util/a.ts [cycle]",
  ],
  [
    "folders beside each other that import each other, through other files",
    {
      "src/etcd/a/mod.ts": imports("./one.ts"),
      "src/etcd/a/one.ts": imports("../b/mod.ts"),
      "src/etcd/a/two.ts": empty,
      "src/etcd/b/mod.ts": empty,
      "src/etcd/b/three.ts": imports("../a/mod.ts"),
    },
    "src/etcd/a:1: Cannot import folders in a circle: src/etcd/a -> src/etcd/b -> src/etcd/a " +
    "[cycle]",
  ],
  [
    "a file name with an underscore prefix",
    { "src/util/_a.ts": empty },
    "src/util/_a.ts:1: Cannot use an underscore prefix: mod.ts already makes a file private [name]",
  ],
  [
    "a file name in camel case",
    { "scripts/checkLayers.ts": empty },
    "scripts/checkLayers.ts:1: Cannot use this file name: use snake_case [name]",
  ],
  [
    "two files of one name",
    { "src/rsa/methods.ts": empty, "src/etcd/methods.ts": empty, "src/etcd/mod.ts": empty },
    "src/rsa/methods.ts:1: Cannot name a second file methods.ts: src/etcd/methods.ts has the " +
    "name already [name]",
  ],
  [
    "a file of more than 300 lines",
    { "src/util/a.ts": "let a;\n".repeat(301), "tests/util/a_test.ts": "let a;\n".repeat(301) },
    "src/util/a.ts:301: Cannot have 301 lines: divide it by its concepts (at most 300) [length]",
  ],
  [
    "a function of more than 40 lines",
    {
      "src/util/a.ts": `// a\nexport function a(b: { c: string }): void {\n${"b;\n".repeat(39)}}\n`,
    },
    "src/util/a.ts:2: Cannot have a function of 41 lines: divide it (at most 40) [length]",
  ],
];

for (const [claim, files, violation] of WRONG_IMPORTS) {
  Deno.test(`check_layers refuses ${claim}`, async () => {
    assert.deepEqual(await check(files), [violation]);
  });
}

const CLOCK = "only src/util/clock.ts";
const FORBIDDEN_USES: readonly [code: string, message: string][] = [
  ["setTimeout(f, 1);", `a timer: ${CLOCK}`],
  ["globalThis.setInterval(f, 1);", `a timer: ${CLOCK}`],
  ["fetch(url, { signal: AbortSignal.timeout(1) });", `a timer: ${CLOCK}`],
  ['import "node:timers/promises";', `a timer: ${CLOCK}`],
  ["Date.now();", `the clock: ${CLOCK}`],
  ["new Date();", `the clock: ${CLOCK}`],
  ["Date();", `the clock: ${CLOCK}`],
  ["performance.now();", `the clock: ${CLOCK}`],
  ["const random = Math.random;", `randomness: ${CLOCK}`],
  ["crypto.randomUUID();", `randomness: ${CLOCK}`],
  ["`${Math.random()}`;", `randomness: ${CLOCK}`],
  ["Deno.serve(f);", "Deno.serve: only src/http/"],
  ['import "node:http";', "node:http: "],
  ['import "node:https";', "node:http: "],
  ['import "node:readline/promises";', "the terminal: only src/shell/terminal.ts"],
  ["Deno.stdin.readable;", "the terminal: only src/shell/terminal.ts"],
  ["process.stdin.isTTY;", "the terminal: only src/shell/terminal.ts"],
  ['import "npm:@grpc/grpc-js@^1.14.0";', "grpc-js: only src/etcd/transport/grpc_js.ts"],
  ['import "@grpc/grpc-js";', "grpc-js: only src/etcd/transport/grpc_js.ts"],
  ['await import("npm:@grpc/proto-loader@^0.8.0");', "proto-loader: "],
  ['import "npm:xmlbuilder2@4.0.3";', "xmlbuilder2: only src/endpoint/"],
  ['import "node:tls";', "a socket: only src/etcd/transport/"],
  ['signal.addEventListener("abort", f);', "an event listener, such as that of a signal: only"],
  ["new Deno.Command('ls');", "another program: no file"],
  ["Deno.env.get('A');", "Deno's own API: only src/http/"],
  ["globalThis.Deno?.hostname();", "Deno's own API: only src/http/"],
  ["using stack = new DisposableStack();", "a built-in that Node 22 lacks: no file"],
  ["Promise.try(f);", "a built-in that Node 22 lacks: no file"],
];

for (const [code, message] of FORBIDDEN_USES) {
  Deno.test(`check_layers refuses ${code}`, async () => {
    const found = await check({ "src/rsa/a.ts": `${code}\n` });
    assert.equal(found.length, 1, found.join("\n"));
    assert.ok(found[0]?.startsWith(`src/rsa/a.ts:1: Cannot use ${message}`), found.join());
  });
}

Deno.test("check_layers ends with code 1 and prints the violation", async () => {
  const root = await Deno.makeTempDir({ prefix: "check-layers-" });
  try {
    await Deno.mkdir(`${root}/src/util`, { recursive: true });
    await Deno.writeTextFile(`${root}/src/util/a.ts`, imports("../etcd/mod.ts"));
    const script = fileURLToPath(new URL("../../scripts/check_layers.ts", import.meta.url));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-read", script, root],
    }).output();
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), /util may not import etcd \[layer\]/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("check_layers refuses the spread of a literal, but not of what is made of one", async () => {
  const source = `export const a = { ...{ b: 1 } };
export const c = [...["d"], ...[1, 2].map(String), ...[a].at(0) ?? []];
export const e = [...(a === undefined ? [] : [a])];
`;
  const message = "Cannot spread a literal: write its members out [spread]";
  assert.deepEqual(await check({ "src/util/a.ts": source }), [
    `src/util/a.ts:1: ${message}`,
    `src/util/a.ts:2: ${message}`,
  ]);
});

Deno.test("check_layers ignores comments, strings and methods of the same name", async () => {
  const source = `
    /** \`Date.now()\`, as in \`import "../host/mod.ts"\` */
    // setTimeout(f, 1)
    const text = "Math.random() " + 'it\\'s Date.now()' + \`new Date() \${text + "Deno.serve"}\`;
    const pattern = /Math.random "/;
    const half = text.length / 2; // "
    socket.setTimeout(1);
    const parsed = new Date(text);
    const type: Date = Array.from("a");
    this.#import("../host/mod.ts");
  `;
  assert.deepEqual(await check({ "src/util/a.ts": source }), []);
});

Deno.test("check_layers allows each outside thing in its own file", async () => {
  const found = await check({
    "src/util/clock.ts": "setTimeout(() => {}, Date.now() * Math.random());\n",
    "src/etcd/transport/grpc_js.ts": imports("npm:@grpc/grpc-js@^1.14.0"),
    "src/shell/terminal.ts": imports("node:readline"),
    "tests/util/clock_test.ts": "setTimeout(() => {}, 1);\n",
  });
  assert.deepEqual(found, []);
});

Deno.test("maskSource keeps code and positions, also inside of templates", () => {
  const source = 'a(`x${b({ c: `y${d}` })}z`); /* e */ f(/[/"]/g); g; // h\n/i/.test(j)';
  const masked = maskSource(source);
  assert.equal(masked.length, source.length);
  assert.equal(masked, "a(` ${b({ c: ` ${d}` })} `);         f(/    /g); g;     \n/ /.test(j)");
});

Deno.test("findImports finds imports, re-exports, side effects and dynamic imports", () => {
  const source = `import a, { type B } from "./a.ts";
import * as c from './c.ts';
import "./d.ts";
export * from "./e.ts";
export type { F } from "./f.ts";
const g = await import("./g.ts");
let h: import("./h.ts").H;
const i = loadBuiltin("./i.ts").i;
const from = "./not.ts";`;
  assert.deepEqual(
    findImports(source, maskSource(source)).map(({ specifier, line }) => [specifier, line]),
    ["a", "c", "d", "e", "f", "g", "h", "i"].map((name, index) => [`./${name}.ts`, index + 1]),
  );
});
