/**
 * Program of a user who compiles strictly, also the declarations of packages. It is compiled,
 * never run.
 *
 * @module
 */
import {
  etcd3,
  HttpService,
  type Interceptor,
  type Remote,
  RemoteCallError,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
  xmlRpc,
} from "@remote-services/etcd3";
import { EtcdClient, EtcdError } from "@remote-services/etcd3/etcd";
import { createXmlRpcHandler, XmlRpcClient } from "@remote-services/etcd3/xmlrpc";
import { EndpointDescription, RemoteServiceAdmin } from "@remote-services/etcd3/rsa";
import { Framework } from "@remote-services/etcd3/framework";
import { Shell, Terminal } from "@remote-services/etcd3/shell";

interface Greeter {
  greet(name: string): string;
}

const logged: Interceptor = (next) => (call) => next(call);
const options: RemoteServicesOptions = {
  discovery: [etcd3({ endpoints: "localhost:2379" })],
  distribution: [xmlRpc({ http: { port: 0 } })],
  interceptors: { client: [logged] },
};
const host: RemoteServices = await remoteServices(options);
await host.register<Greeter>("com.example.Greeter", { greet: (name) => name });
const greeter: Remote<Greeter> = await host.service<Greeter>("com.example.Greeter");
export const text: string = await greeter.greet("x");
// @ts-expect-error the parameter is a string
await greeter.greet(1);
// @ts-expect-error there is no such option
await remoteServices({ nothing: 1 });
// @ts-expect-error text is not a number
export const size: number = await greeter.greet("x");
await host.close();

export const others: readonly object[] = [
  HttpService,
  RemoteCallError,
  EtcdClient,
  EtcdError,
  createXmlRpcHandler,
  XmlRpcClient,
  EndpointDescription,
  RemoteServiceAdmin,
  Framework,
  Shell,
  Terminal,
];
