// Exports the IHello service from a framework of bundles, as iPOPO's
// samples.run_rsa_etcd3_xmlrpc_impl does.
//
//   deno run --allow-net --allow-env=GRPC_* examples/tutorial/run_impl.ts
//
// Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

import type { Framework } from "../../mod.ts";
import { etcd3Discovery } from "./bundles/etcd3.ts";
import { helloImpl } from "./bundles/hello.ts";
import { httpBasic } from "./bundles/http.ts";
import { basicTopologyManager, remoteServiceAdmin } from "./bundles/rsa.ts";
import { rsaShell, shellCore, shellIpopo } from "./bundles/shell.ts";
import { xmlRpcDistribution } from "./bundles/xmlrpc.ts";
import { print } from "./console.ts";
import { DISCOVERY_PROVIDER, EXPORT_PROVIDER, HTTP_FACTORY } from "./names.ts";
import { instantiateEtcd3Discovery, parseOptions, runFramework } from "./program.ts";

const bundles = [
  shellCore,
  shellIpopo,
  // RSA implementation
  remoteServiceAdmin,
  // topology manager
  basicTopologyManager,
  // etcd3 discovery
  etcd3Discovery,
  // HTTP service
  httpBasic,
  // XML-RPC distribution provider
  xmlRpcDistribution,
  // RSA shell commands
  rsaShell,
];

const { etcdHostname, etcdPort, httpPort } = parseOptions();
async function onStarted(framework: Framework): Promise<void> {
  // the HTTP service, which the XML-RPC distribution provider requires
  framework.components.instantiate(HTTP_FACTORY, "http-server", {
    "http.address": "127.0.0.1",
    "http.port": httpPort,
  });
  // the etcd3 discovery, now that the topology manager runs
  instantiateEtcd3Discovery(framework, {
    "etcd.hostname": etcdHostname,
    "etcd.port": etcdPort,
    "etcd.connected_callback": () => print("Etcd3 connected!"),
  });
  await framework.waitForService(EXPORT_PROVIDER);
  await framework.waitForService(DISCOVERY_PROVIDER);
  // the service, which is exported and then advertised in etcd
  await framework.installBundle(helloImpl).start();
}

await runFramework(bundles, { isVerbose: true, onStarted });
