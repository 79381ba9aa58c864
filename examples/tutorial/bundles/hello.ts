// Bundles of the IHello service: its implementation and its consumer.

import { type BundleDefinition, createComponent, type Remote, requirement } from "../../../mod.ts";
import { callHello, HelloImpl, IHELLO, type IHello } from "../../hello_service.ts";
import { print } from "../console.ts";

/** Provides the service, for export. */
export const helloImpl: BundleDefinition = {
  name: "samples.rsa.helloimpl_xmlrpc",
  version: "0.1.0",
  start(context) {
    createComponent(context, {
      name: "helloimpl-xmlrpc",
      provides: IHELLO,
      properties: { "service.exported.interfaces": "*", "osgi.basic.timeout": 60_000 },
      validate: () => new HelloImpl(print),
    });
  },
};

/** Calls the service of another process whenever one is discovered. */
export const helloConsumer: BundleDefinition = {
  name: "samples.rsa.helloconsumer_xmlrpc",
  version: "0.1.0",
  start(context) {
    createComponent(context, {
      name: "remote-hello-consumer",
      requires: { hello: requirement<Remote<IHello>>(IHELLO, { filter: "(service.imported=*)" }) },
      validate: ({ hello }) => callHello(hello, print),
    });
  },
};
