import assert from "node:assert/strict";

interface Dependency {
  readonly isDynamic?: boolean;
  readonly code?: { readonly specifier?: string };
}

interface Graph {
  readonly roots: readonly string[];
  readonly modules: ReadonlyArray<
    { readonly specifier: string; readonly dependencies?: readonly Dependency[] }
  >;
}

/** Lists what a module loads at once: everything but dynamic imports and types. */
async function listLoadedModules(path: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(`../../${path}`, import.meta.url).href],
  }).output();
  const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const dependencies = new Map(graph.modules.map((found) => [found.specifier, found.dependencies]));
  const loaded = new Set(graph.roots);
  for (const specifier of loaded) {
    for (const { isDynamic, code } of dependencies.get(specifier) ?? []) {
      if (isDynamic !== true && code?.specifier !== undefined) loaded.add(code.specifier);
    }
  }
  return [...loaded];
}

Deno.test("src/etcd/mod.ts loads no package and no node module before a link is opened", async () => {
  const loaded = await listLoadedModules("src/etcd/mod.ts");
  assert.ok(loaded.some((specifier) => specifier.endsWith("/src/etcd/link.ts")));
  assert.deepEqual(loaded.filter((specifier) => /^(npm|node):/.test(specifier)), []);
});

Deno.test("mod.ts loads no package and no node module before it is used", async () => {
  const loaded = await listLoadedModules("mod.ts");
  assert.ok(loaded.some((specifier) => specifier.endsWith("/src/etcd/link.ts")));
  assert.deepEqual(loaded.filter((specifier) => /^(npm|node):/.test(specifier)), []);
});

Deno.test("src/etcd/transport/mod.ts loads grpc-js, as the test above would see", async () => {
  const loaded = await listLoadedModules("src/etcd/transport/mod.ts");
  assert.ok(loaded.some((specifier) => specifier.includes("grpc-js")));
});
