import type { SourceFile } from "./project.ts";
import { isGenerated } from "./rules.ts";
import type { Violation } from "./violation.ts";

/** Checks that no file imports itself through others; imports of types count. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const graph = new Map(
    files.filter(({ path }) => !isGenerated(path)).map(({ path, imports }) => [
      path,
      imports.flatMap(({ target }) => target === undefined ? [] : [target]),
    ]),
  );
  const reported = new Set<string>();
  return [...graph.keys()].flatMap((path) => {
    const cycle = reported.has(path) ? undefined : findCycle(path, graph);
    if (cycle === undefined) return [];
    for (const member of cycle) reported.add(member);
    const message = `Cannot import in a circle: ${[...cycle, path].join(" -> ")}`;
    return [{ rule: "cycle", path, line: 1, message }];
  });
}

/** Returns the shortest way from a file back to itself. */
function findCycle(
  start: string,
  graph: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
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
