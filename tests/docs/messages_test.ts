import assert from "node:assert/strict";
import { listSources } from "./docstrings.ts";
import { readProjectFile } from "./markdown.ts";

const PAGE = "docs/troubleshooting.md";

/** Messages of other programs and of the runtime. */
const FOREIGN = [/^Requires env access/];

/** Returns the messages of the first columns, without codes and states, which have no space. */
function findMessages(page: string): string[] {
  return [...page.matchAll(/^\| `([^`]* [^`]*)` /gm)].map(([, message = ""]) => message);
}

/** Returns the source with its concatenated strings joined. */
function joinStrings(source: string): string {
  return source.replace(/["`]\s*\+\s*["`]/g, "");
}

/** Creates a pattern of a message; a placeholder stands for an expression, or for text. */
function createPattern(message: string): RegExp {
  const parts = message.split(/<[^>]*>/).map((part) =>
    RegExp.escape(part).replaceAll('"', '\\\\?"')
  );
  return new RegExp(parts.join('(?:\\$\\{[^;]{0,160}?\\}|[^\\n"`]{0,60}?)'));
}

Deno.test("Each message in docs/troubleshooting.md is a message of the library", async () => {
  const sources = await Promise.all((await listSources()).map(readProjectFile));
  const code = joinStrings(sources.join("\n"))
    .replaceAll("${OSGI.exportedInterfaces}", "service.exported.interfaces");
  const messages = findMessages(await readProjectFile(PAGE));
  assert.ok(messages.length > 20);
  const unknown = messages.filter((message) =>
    !FOREIGN.some((pattern) => pattern.test(message)) && !createPattern(message).test(code)
  );
  assert.deepEqual(unknown, []);
});

Deno.test("A message that the library does not have is found", () => {
  const source = joinStrings(
    'throw new Error(`Cannot use ${name} of ${f("}")}: ` +\n  "give more");',
  );
  assert.ok(createPattern("Cannot use <name> of <place>: give more").test(source));
  assert.ok(!createPattern("Cannot use <name> of <place>: give less").test(source));
});
