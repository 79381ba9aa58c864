import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { LineProcess } from "../../scripts/line_process.ts";

Deno.test("The interceptors example logs both directions and refuses a caller without rights", async () => {
  const script = fileURLToPath(new URL("../../examples/interceptors.ts", import.meta.url));
  const permissions = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env=GRPC_*"];
  await using example = new LineProcess("interceptors", Deno.execPath(), [
    "run",
    "--quiet",
    ...permissions,
    script,
  ]);
  assert.equal(await example.exit(), 0, example.lines.join("\n"));
  const lines = example.lines.map((line) => line.replace(/ at http:\S+:\d+/, " at <address>"));
  assert.deepEqual(lines, [
    "incoming com.example.Store.read: ok",
    "outgoing com.example.Store.read: ok",
    "data",
    "incoming com.example.Store.wipe: denied",
    "outgoing com.example.Store.wipe: denied",
    "Cannot call wipe of com.example.Store at <address>/xml-rpc: ada is no admin",
    "incoming com.example.Store.wipe: ok",
    "outgoing com.example.Store.wipe: ok",
  ]);
});
