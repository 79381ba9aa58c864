import type {
  DistributionProvider,
  ExportedEndpoint,
  ImportedEndpoint,
  Interceptor,
  RemoteCall,
} from "../../src/distribution/mod.ts";
import {
  computeDeadlineMs,
  createInvoker,
  createMethodTable,
  createRemoteProxy,
} from "../../src/distribution/mod.ts";
import type { EndpointDescription, EndpointDescriptionInit } from "../../src/endpoint/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";

/** Proxy in a test: every name may be a method. */
export type AnyProxy = Readonly<Record<string, (...parameters: unknown[]) => Promise<unknown>>>;

/** An exported object, and its description. */
export interface TestExport {
  readonly url: string;
  readonly endpoint: EndpointDescription;
  readonly exported: ExportedEndpoint;
}

/** Exports an object as the admin does. */
export async function exportObject(
  { exports: exporter }: Pick<DistributionProvider, "exports">,
  service: object,
  init: Partial<EndpointDescriptionInit> & { readonly interceptors?: readonly Interceptor[] } = {},
): Promise<TestExport> {
  if (exporter === undefined) throw new Error("the provider exports nothing");
  const { interceptors = [], remoteServiceId = 3, id = crypto.randomUUID(), ...others } = init;
  const [configurationType = ""] = exporter.supportedConfigs;
  const methods = createMethodTable(service);
  const exported = await exporter.exportEndpoint({
    endpointId: id,
    remoteServiceId,
    configurationType,
    interfaces: ["org.example.IAny"],
    properties: {},
    methodNames: methods.names,
    invoke: createInvoker({ methods, interceptors, getEndpoint: () => endpoint }),
  });
  const endpoint = anEndpoint({
    ...others,
    id,
    remoteServiceId,
    containerId: exported.containerId,
    configurationTypes: [configurationType],
    containerNamespace: exporter.containerNamespace,
  });
  return { endpoint, exported, url: exported.containerId };
}

/** Imports an endpoint. */
export function importEndpoint(
  { imports: importer }: Pick<DistributionProvider, "imports">,
  endpoint: EndpointDescription,
): ImportedEndpoint {
  if (importer === undefined) throw new Error("the provider imports nothing");
  return importer.importEndpoint(endpoint);
}

/** Creates a proxy of an imported endpoint. */
export function createProxy(imported: ImportedEndpoint, endpoint: EndpointDescription): AnyProxy {
  return createRemoteProxy({
    label: endpoint.interfaces.join(", "),
    call: (method, parameters, options) =>
      imported.call(
        aCall(endpoint, {
          method,
          parameters,
          signal: options.signal,
          headers: options.headers ?? {},
          deadlineMs: computeDeadlineMs(options),
          attempt: options.attempt ?? 1,
        }),
      ),
  }) as AnyProxy;
}

/** Returns an outgoing call for tests. */
export function aCall(endpoint: EndpointDescription, members: Partial<RemoteCall>): RemoteCall {
  return {
    direction: "outgoing",
    interfaceName: endpoint.interfaces[0] ?? "",
    method: "echo",
    parameters: [],
    headers: {},
    signal: undefined,
    deadlineMs: undefined,
    endpoint,
    attempt: 1,
    principal: undefined,
    ...members,
  };
}
