import assert from "node:assert/strict";
import { testEtcd } from "../support/etcd.ts";
import { createExampleProgram, findExamples, listSources } from "./docstrings.ts";
import { readProjectFile } from "./markdown.ts";
import { createTestModule, runPrograms } from "./programs.ts";

const sources = new Map<string, string>();
for (const path of await listSources()) sources.set(path, await readProjectFile(path));

/** Examples that wait for a person, a prompt or Ctrl-C, or that end the process. */
const NOT_RUN = ["src/cli/mod.ts", "src/host/remote_services.ts", "src/shell/terminal.ts"];

Deno.test("Only examples that wait for a person are not run", () => {
  const ignored = [...sources].filter(([path, source]) =>
    findExamples(path, source).some(({ attributes }) => attributes.includes("ignore"))
  );
  assert.deepEqual(ignored.map(([path]) => path), NOT_RUN);
});

Deno.test("The examples in docstrings run and print what they say", async () => {
  const programs = [...sources].flatMap(([path, source]) =>
    findExamples(path, source)
      .filter(({ attributes }) => !attributes.includes("ignore"))
      .map((block) => createExampleProgram(block, source))
  );
  await using one = await testEtcd();
  await using other = await testEtcd();
  const { success, output } = await runPrograms(programs, [one.endpoint, other.endpoint]);
  assert.ok(success, output);
});

Deno.test("An example imports the names of its own file that it does not declare", () => {
  const source = `
/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * console.log(add(1, 2)); // 3
 * \`\`\`
 */
export function add(a: number, b: number): number {
  return a + b;
}
export class Other {}
`;
  const [block, ...others] = findExamples("src/add.ts", source);
  assert.ok(block !== undefined && others.length === 0);
  assert.equal(block.line, 7);
  const module = createTestModule(createExampleProgram(block, source));
  assert.match(module, /import \{ add \} from "file:.*\/src\/add.ts";/);
  assert.match(module, /\["3"\]/);
});
