import { getFolder, type SourceFile } from "./project.ts";
import { isGenerated } from "./rules.ts";
import type { Violation } from "./violation.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

/** Checks that no file imports itself through others; imports of types count. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const graph = new Map(
    files.filter(({ path }) => !isGenerated(path)).map((file) => [file.path, listTargets(file)]),
  );
  return reportCycles(graph, "Cannot import in a circle");
}

/** Checks that no folder of `src/` imports itself through others beside it. */
export function checkFolderCycles(files: readonly SourceFile[]): Violation[] {
  const graph = new Map<string, string[]>();
  for (const file of files.filter(({ path }) => path.startsWith("src/"))) {
    const from = getFolder(file.path);
    const folders = listTargets(file).map(getFolder).filter((to) => isBeside(from, to));
    graph.set(from, [...graph.get(from) ?? [], ...folders]);
  }
  return reportCycles(graph, "Cannot import folders in a circle");
}

function listTargets({ imports }: SourceFile): string[] {
  return imports.flatMap(({ target }) => target === undefined ? [] : [target]);
}

/** Whether neither of two folders is part of the other. */
function isBeside(one: string, other: string): boolean {
  return !`${one}/`.startsWith(`${other}/`) && !`${other}/`.startsWith(`${one}/`);
}

function reportCycles(graph: Graph, label: string): Violation[] {
  const reported = new Set<string>();
  return [...graph.keys()].flatMap((path) => {
    const cycle = reported.has(path) ? undefined : findCycle(path, graph);
    if (cycle === undefined) return [];
    for (const member of cycle) reported.add(member);
    const message = `${label}: ${[...cycle, path].join(" -> ")}`;
    return [{ rule: "cycle", path, line: 1, message }];
  });
}

/** Returns the shortest way from a file or folder back to itself. */
function findCycle(start: string, graph: Graph): readonly string[] | undefined {
  const previous = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const target of graph.get(path) ?? []) {
      if (target === start) return traceBack(path, previous);
      if (previous.has(target)) continue;
      previous.set(target, path);
      queue.push(target);
    }
  }
  return undefined;
}

function traceBack(end: string, previous: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let at = previous.get(end); at !== undefined; at = previous.get(at)) way.unshift(at);
  return way;
}
