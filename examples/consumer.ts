// Discovers the IHello service, calls it in three ways, and reports its end.
//
//   deno run --allow-net=localhost:2379,127.0.0.1:2379,127.0.0.1:8181 --allow-env=GRPC_* examples/consumer.ts --etcd localhost:2379
//
// Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

// deno-lint-ignore-file no-console
import process from "node:process";
import {
  type BundleDefinition,
  createComponent,
  type Remote,
  remoteServices,
  requirement,
} from "../mod.ts";
import { createInterruptSignal, fail, print, readOptions, serve } from "./hello.ts";
import { callHello, IHELLO, type IHello } from "./hello_service.ts";

const HELP = `Discovers ${IHELLO}, calls it, and waits until Ctrl-C.

  --etcd HOST:PORT[,...]  etcd to look in (localhost:2379)
  --http-port PORT        accepted as by the exporter; nothing is served
  --top-key NAME          root of all keys in etcd (that of iPOPO and ECF)
  --lease-ttl SECONDS     TTL of this process's lease (30)
  --shell                 a prompt with the commands of the tutorial; see help`;

/** Bundle whose component is valid while the service exists; calls it whenever one appears. */
const consumer: BundleDefinition = {
  name: "examples.helloconsumer",
  start(context) {
    createComponent(context, {
      name: "helloconsumer",
      requires: {
        hello: requirement<Remote<IHello>>(IHELLO, { filter: "(service.imported=true)" }),
      },
      validate({ hello }) {
        callHello(hello, print).catch((error) => print(`Call failed: ${error.message}`));
      },
    });
  },
};

const signal = createInterruptSignal();
try {
  const { etcd, hasShell } = readOptions(HELP);
  await using peer = await remoteServices({ etcd, signal });
  using _subscription = peer.onEndpoint(({ type, endpoint }) => {
    if (!endpoint.interfaces.includes(IHELLO)) return;
    print(`IHello endpoint ${type}: ${endpoint.id} at ${endpoint.containerId}`);
  });
  await peer.framework.installBundle(consumer).start();
  await serve(peer, hasShell, signal);
} catch (error) {
  if (!signal.aborted) fail(error);
}
console.log("Closed");
process.exit(0);
