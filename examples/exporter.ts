// Exports the IHello service of the tutorial until Ctrl-C.
//
//   deno run --allow-net=localhost:2379,127.0.0.1:2379,127.0.0.1:8181 --allow-env=GRPC_* examples/exporter.ts --etcd localhost:2379 --http-port 8181
//
// Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

// deno-lint-ignore-file no-console
import process from "node:process";
import { remoteServices } from "../mod.ts";
import { createInterruptSignal, fail, print, readOptions, serve, waitForAbort } from "./hello.ts";
import { HelloImpl, IHELLO } from "./hello_service.ts";

const HELP = `Exports ${IHELLO} until Ctrl-C.

  --etcd HOST:PORT[,...]  etcd to advertise in (localhost:2379)
  --http-port PORT        port to serve XML-RPC on, 0 for a free one (8181)
  --top-key NAME          root of all keys in etcd (that of iPOPO and ECF)
  --lease-ttl SECONDS     time until a dead exporter disappears (30)
  --shell                 a prompt with the commands of the tutorial; see help`;

const signal = createInterruptSignal();
try {
  const { etcd, httpPort, hasShell } = readOptions(HELP);
  await using host = await remoteServices({ etcd, http: { port: httpPort }, signal });
  const registration = await host.register(IHELLO, new HelloImpl(print), {
    "service.exported.interfaces": "*",
    "osgi.basic.timeout": 60_000,
  });
  await Promise.race([registration.advertised(), waitForAbort(signal)]);
  const { id, containerId } = registration.endpoint;
  print(`Exported ${IHELLO} at ${containerId} as ${id}`);
  await serve(host, hasShell, signal);
} catch (error) {
  if (!signal.aborted) fail(error);
}
console.log("Withdrawn");
process.exit(0);
