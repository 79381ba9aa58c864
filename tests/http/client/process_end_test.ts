import assert from "node:assert/strict";
import { readRequest, serveSilence, serveTcp, writeText } from "../../support/tcp_server.ts";

const SOURCE = new URL("../../../src/http/mod.ts", import.meta.url).href;

/** Runs a program that sends one request; returns its output once the process has ended. */
async function runProgram(port: number, timeoutMs: number): Promise<string> {
  const code = `import { HttpClient, parseHttpTarget } from "${SOURCE}";
    const target = parseHttpTarget("http://127.0.0.1:${port}/");
    const request = new HttpClient().request({ target, timeoutMs: ${timeoutMs} });
    console.log(await request.then(({ status }) => status, ({ code }) => code));`;
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--quiet",
      `data:text/typescript,${encodeURIComponent(code)}`,
    ],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.ok(success, "the process ended by itself");
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("HttpClient lets the process end after its last request, whatever its time-out was", async () => {
  await using server = serveTcp(async (connection) => {
    while (await readRequest(connection) !== undefined) {
      await writeText(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  });
  assert.equal(await runProgram(server.port, 600_000), "200");
});

Deno.test("HttpClient keeps the process alive until a request ends in time-out", async () => {
  await using server = serveSilence();
  assert.equal(await runProgram(server.port, 300), "timeout");
});
