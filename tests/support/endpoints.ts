import { EndpointDescription, type EndpointDescriptionInit } from "../../mod.ts";

/** Creates an endpoint for tests that need any. */
export function anEndpoint(init: Partial<EndpointDescriptionInit> = {}): EndpointDescription {
  return new EndpointDescription({
    id: crypto.randomUUID(),
    interfaces: ["org.example.IAny"],
    serviceId: 22,
    frameworkUuid: "af44bf2e-aeac-45f6-b5f5-5bbe6db0956c",
    configurationTypes: ["ecf.xmlrpc.server"],
    containerId: "http://127.0.0.1:8181/xml-rpc",
    containerNamespace: "ecf.namespace.xmlrpc",
    remoteServiceId: 3,
    timestampMs: 1_795_328_738_820,
    configsSupported: ["ecf.xmlrpc.server"],
    intentsSupported: ["osgi.basic", "osgi.async"],
    ...init,
  });
}
