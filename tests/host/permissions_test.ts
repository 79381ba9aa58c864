import assert from "node:assert/strict";

Deno.test("A missing --allow-net is named by calls, by the server and by the client of etcd", async () => {
  const program = new URL("../support/no_net_program.ts", import.meta.url).pathname;
  const args = ["run", "--no-prompt", "--cached-only", "--allow-env=GRPC_*", program];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  const deny = (address: string) =>
    `Deno may not use ${address}; run it with --allow-net=${address}`;
  assert.deepEqual(
    lines,
    [
      "etcd: Cannot connect to etcd at node-1.example:2379: " + deny("node-1.example:2379"),
      "etcd address: Cannot connect to etcd at [::1]:2379: " + deny("[::1]:2379"),
      "listen: Cannot listen on 127.0.0.1:8181: " + deny("127.0.0.1:8181"),
      "listen with node:http: Cannot listen on 127.0.0.1:8181: " + deny("127.0.0.1:8181"),
      "call: Cannot call greet at http://node-1.example/: no connection was made: " +
      deny("node-1.example:80"),
      "call an address: Cannot call greet at https://192.0.2.1:8443/: no connection was made: " +
      deny("192.0.2.1:8443"),
      "call by fetch: Cannot call greet at http://node-1.example:8000/: " +
      deny("node-1.example:8000"),
    ],
    new TextDecoder().decode(stderr),
  );
});
