// deno-lint-ignore-file no-console
// Uses the network without the permission; prints what each use says, one a line.
import { memory, remoteServices } from "../../mod.ts";
import { XmlRpcClient } from "../../src/xmlrpc/mod.ts";

const USES: Readonly<Record<string, () => Promise<unknown>>> = {
  etcd: () => remoteServices({ etcd: { endpoints: "node-1.example:2379" } }),
  "etcd address": () => remoteServices({ etcd: { endpoints: "[::1]:2379" } }),
  listen: () => remoteServices({ discovery: [memory()], http: { port: 8181 } }),
  "listen with node:http": () =>
    remoteServices({ discovery: [memory()], http: { port: 8181, server: "node" } }),
  call: () => new XmlRpcClient("http://node-1.example/").call("greet"),
  "call an address": () => new XmlRpcClient("https://192.0.2.1:8443/").call("greet"),
  "call by fetch": () => new XmlRpcClient("http://node-1.example:8000/", { fetch }).call("greet"),
};

for (const [name, use] of Object.entries(USES)) {
  await use().then(
    () => console.log(`${name}: no error`),
    (error: Error) => console.log(`${name}: ${error.message}`),
  );
}
