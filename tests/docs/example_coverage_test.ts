import assert from "node:assert/strict";
import { readProjectFile, ROOT } from "./markdown.ts";

/** Classes that the library constructs and users only receive. */
const RECEIVED =
  /(?:Error|Fault)$|^(?:Bundle|BundleContext|ComponentRegistry|AdvertisedAddress|HttpTarget|McpSession|RemoteServices)$/;

interface DocNodes {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly DocSymbol[] }>>;
}

interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly jsDoc?: { readonly tags?: readonly DocTag[] };
  }[];
}

interface DocTag {
  readonly kind: string;
  readonly doc?: string;
}

/** Returns the symbols of an entry point as `deno doc` describes them. */
async function readSymbols(entryPoint: string): Promise<readonly DocSymbol[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", entryPoint],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const { nodes }: DocNodes = JSON.parse(new TextDecoder().decode(stdout));
  return Object.values(nodes).flatMap(({ symbols }) => symbols);
}

/** Returns the functions and classes that have no example. */
function findWithoutExample(symbols: readonly DocSymbol[]): string[] {
  return symbols.filter((symbol) => {
    const declarations = symbol.declarations.filter(({ kind }) =>
      ["class", "function"].includes(kind)
    );
    const hasExample = declarations.some(({ jsDoc }) =>
      jsDoc?.tags?.some(({ kind }) => kind === "example")
    );
    return declarations.length > 0 && !hasExample && !RECEIVED.test(symbol.name);
  }).map(({ name }) => name);
}

/** Returns the symbols with examples that a reader cannot copy: they lack a public import. */
function findUnimported(symbols: readonly DocSymbol[]): string[] {
  return symbols.filter(({ name, declarations }) => {
    // Those of members are in it too.
    if (/from \\"\.\.?\//.test(JSON.stringify(declarations))) return true;
    const word = new RegExp(`\\b${name}\\b`);
    return declarations.flatMap(({ jsDoc }) => jsDoc?.tags ?? []).some(({ kind, doc = "" }) =>
      kind === "example" && word.test(doc) &&
      !word.test(doc.match(/^import [^;]*;/gm)?.join() ?? "")
    );
  }).map(({ name }) => name);
}

/** Returns the names that a check finds in the entry points, once each. */
async function findInEntryPoints(
  find: (symbols: readonly DocSymbol[]) => string[],
): Promise<readonly string[]> {
  const { exports } = JSON.parse(await readProjectFile("deno.json"));
  const entryPoints = await Promise.all(Object.values<string>(exports).map(readSymbols));
  return [...new Set(entryPoints.flatMap(find))];
}

Deno.test("Each public function, and each class that users construct, has an example", async () => {
  assert.deepEqual(await findInEntryPoints(findWithoutExample), []);
});

Deno.test("Each example of a public name imports what it shows from an entry point", async () => {
  assert.deepEqual(await findInEntryPoints(findUnimported), []);
});

Deno.test("Each entry point begins with a description of the module and an example", async () => {
  const { exports } = JSON.parse(await readProjectFile("deno.json"));
  for (const path of Object.values<string>(exports)) {
    const [, docstring = ""] = /^\/\*\*([^]*?)\*\//.exec(await readProjectFile(path)) ?? [];
    assert.match(docstring, /@module/, path);
    assert.match(docstring, /```(?:ts|sh)\n/, path);
  }
});
