import assert from "node:assert/strict";
import { Framework } from "../../../mod.ts";
import { RemoteCallError, RemoteFault } from "../../../src/distribution/mod.ts";
import { createTypist } from "../../support/shell.ts";

Deno.test("call decides by the code of the error whether the method ran", async () => {
  const framework = new Framework();
  let error: unknown;
  framework.registry.register("A", { go: () => Promise.reject(error) });
  const { bad } = createTypist({ framework, admin: undefined, discoveries: [] });
  error = new RemoteCallError("unreachable", "Cannot reach A");
  assert.equal(
    await bad("call A go"),
    "call: Cannot reach A (unreachable; the method did not run)\n",
  );
  error = new RemoteCallError("timeout", "No answer from A");
  assert.equal(
    await bad("call A go"),
    "call: No answer from A (timeout; it is not known whether the method ran)\n",
  );
  error = new RemoteFault(7, "sold out");
  assert.equal(await bad("call A go"), "call: sold out\n");
  error = new Error("something else");
  assert.equal(await bad("call A go"), "call: something else\n");
});
