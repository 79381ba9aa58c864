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
    readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
  }[];
}

/** Returns the functions and classes of an entry point that have no example. */
async function findWithoutExample(entryPoint: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", entryPoint],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const { nodes }: DocNodes = JSON.parse(new TextDecoder().decode(stdout));
  return Object.values(nodes).flatMap(({ symbols }) => symbols).filter((symbol) => {
    const declarations = symbol.declarations.filter(({ kind }) =>
      ["class", "function"].includes(kind)
    );
    const hasExample = declarations.some(({ jsDoc }) =>
      jsDoc?.tags?.some(({ kind }) => kind === "example")
    );
    return declarations.length > 0 && !hasExample && !RECEIVED.test(symbol.name);
  }).map(({ name }) => name);
}

Deno.test("Each public function, and each class that users construct, has an example", async () => {
  const { exports } = JSON.parse(await readProjectFile("deno.json"));
  const entryPoints = Object.values<string>(exports).filter((path) => !path.endsWith("/cli.ts"));
  const names = (await Promise.all(entryPoints.map(findWithoutExample))).flat();
  assert.deepEqual([...new Set(names)], []);
});

Deno.test("Each entry point begins with a description of the module and an example", async () => {
  const { exports } = JSON.parse(await readProjectFile("deno.json"));
  for (const path of Object.values<string>(exports)) {
    const [, docstring = ""] = /^\/\*\*([^]*?)\*\//.exec(await readProjectFile(path)) ?? [];
    assert.match(docstring, /@module/, path);
    assert.match(docstring, /```(?:ts|sh)\n/, path);
  }
});
