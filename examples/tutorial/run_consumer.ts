// Discovers and calls the IHello service in a framework of bundles, as iPOPO's
// samples.run_rsa_etcd3_xmlrpc_consumer does.
//
//   deno run --allow-net --allow-env=GRPC_* examples/tutorial/run_consumer.ts
//
// Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

import { etcd3Discovery } from "./bundles/etcd3.ts";
import { helloConsumer } from "./bundles/hello.ts";
import { basicTopologyManager, remoteServiceAdmin } from "./bundles/rsa.ts";
import { rsaShell, shellCore, shellIpopo } from "./bundles/shell.ts";
import { xmlRpcDistribution } from "./bundles/xmlrpc.ts";
import { instantiateEtcd3Discovery, parseOptions, runFramework } from "./program.ts";

const bundles = [
  shellCore,
  shellIpopo,
  // RSA implementation
  remoteServiceAdmin,
  // XML-RPC distribution provider
  xmlRpcDistribution,
  // topology manager
  basicTopologyManager,
  // RSA shell commands
  rsaShell,
  // the consumer, which uses remote proxies only
  helloConsumer,
  // etcd3 discovery
  etcd3Discovery,
];

const { etcdHostname, etcdPort } = parseOptions();
await runFramework(bundles, {
  onStarted: (framework) =>
    instantiateEtcd3Discovery(framework, {
      "etcd.hostname": etcdHostname,
      "etcd.port": etcdPort,
    }),
});
