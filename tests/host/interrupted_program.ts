/**
 * Program that waits for an interruption; `interruption_test.ts` starts it. Its argument is
 * the `drainMs` of the host.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { memory, remoteServices } from "../../mod.ts";

const host = await remoteServices({
  discovery: [memory()],
  http: { port: 0 },
  drainMs: Number(Deno.args[0]),
});
await host.register("com.example.Greeter", { greet: () => "Hello" });
const ended = host.untilInterrupted();
console.log("ready");
await ended;
console.log("closed");
