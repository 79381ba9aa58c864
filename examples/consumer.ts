// Discovers the IHello service, calls it in three ways, and tells when it is gone.
//
//   deno run --allow-net=localhost:2379,127.0.0.1:2379,127.0.0.1:8181 --allow-env=GRPC_* examples/consumer.ts --etcd localhost:2379

// deno-lint-ignore-file no-console
import { type Remote, remoteServices } from "../mod.ts";
import { aborted, fail, IHELLO, type IHello, interruption, readOptions } from "./hello.ts";

const HELP = `Discovers ${IHELLO}, calls it, and waits until Ctrl-C.

  --etcd HOST:PORT[,...]  etcd to look in (localhost:2379)
  --http-port PORT        accepted for likeness with the exporter; nothing is served
  --top-key NAME          root of all keys in etcd (that of iPOPO and ECF)
  --lease-ttl SECONDS     lease of this process's session (30)`;

async function useHello(hello: Remote<IHello>): Promise<void> {
  const answer = await hello.sayHello("DenoSync", "Hello Impl");
  console.log(`Deno IHello service consumer received sync response: ${answer}`);
  const asyncDone = hello.sayHelloAsync("DenoAsync", "Hello Impl")
    .then((answer) => console.log(`async response: ${answer}`));
  console.log("done with sayHelloAsync method");
  const promiseDone = hello.sayHelloPromise("DenoPromise", "Hello Impl")
    .then((answer) => console.log(`promise response: ${answer}`));
  console.log("done with sayHelloPromise method");
  await Promise.all([asyncDone, promiseDone]);
}

const signal = interruption();
try {
  const { etcd } = readOptions(HELP);
  await using peer = await remoteServices({ etcd, signal });
  peer.addEndpointListener({
    endpointChanged({ type, endpoint }) {
      if (!endpoint.interfaces.includes(IHELLO)) return;
      console.log(`IHello endpoint ${type}: ${endpoint.id} at ${endpoint.containerId}`);
    },
  });
  await useHello(await peer.service<IHello>(IHELLO, { timeoutMs: Infinity, signal }));
  await aborted(signal);
} catch (error) {
  if (!signal.aborted) fail(error);
}
console.log("Closed");
Deno.exit(0);
