/**
 * Runs the contract of the HTTP server on Node or Bun:
 * `node tests/http/contract_other_runtimes.ts`. Ends with code 1 if a test fails.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { listenWithNode } from "../../src/http/server/node_server.ts";
import { testHttpServer } from "./contract.ts";

const tests: [name: string, run: () => Promise<void>][] = [];
testHttpServer((name, run) => tests.push([name, run]), {
  name: "node:http",
  listen: listenWithNode,
});

let failed = 0;
for (const [name, run] of tests) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}`, error);
  }
}
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
