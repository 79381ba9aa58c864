import type { ServiceProperties, ServiceReference } from "../../src/framework/mod.ts";
import type { EndpointEvent } from "../../src/discovery/mod.ts";
import type { EndpointDescription } from "../../src/endpoint/mod.ts";
import type {
  ExportDistributionProvider,
  ImportDistributionProvider,
  RemoteCall,
} from "../../src/distribution/mod.ts";
import {
  Framework,
  RemoteServiceAdmin,
  type RemoteServiceAdminEvent,
  type RemoteServiceAdminOptions,
} from "../../mod.ts";

/** Properties of a service that is to be exported. */
export const EXPORTED = { "service.exported.interfaces": "*" };

/** Service with a method, for exports that are not called. */
export const ANY = { run() {} };

/** Creates a provider that serves nothing; `exported` has the ids of open exports. */
export function createExporter(
  config = "ecf.xmlrpc.server",
  exported = new Set<number | undefined>(),
): ExportDistributionProvider {
  return {
    supportedConfigs: [config],
    supportedIntents: ["osgi.basic"],
    containerNamespace: "ecf.namespace.xmlrpc",
    exportEndpoint({ remoteServiceId }) {
      exported.add(remoteServiceId);
      return Promise.resolve({
        containerId: `http://127.0.0.1:1/${config}`,
        close: () => Promise.resolve(void exported.delete(remoteServiceId)),
      });
    },
  };
}

/** A provider whose calls a test answers, and what happened to it. */
export class TestImporter implements ImportDistributionProvider {
  readonly importedConfigs = ["ecf.xmlrpc.server"];
  readonly calls: RemoteCall[] = [];
  readonly closed: string[] = [];
  /** Answers a call. */
  answer: (call: RemoteCall) => Promise<unknown> = ({ method }) => Promise.resolve(method);

  importEndpoint(endpoint: EndpointDescription) {
    return {
      call: (call: RemoteCall) => {
        this.calls.push(call);
        return this.answer(call);
      },
      update: () => {},
      close: () => void this.closed.push(endpoint.id),
    };
  }
}

/** Creates an admin with providers that only record what they were asked for. */
export function createWorld(options: Partial<RemoteServiceAdminOptions> = {}) {
  const framework = new Framework();
  const exported = new Set<number | undefined>();
  const importer = new TestImporter();
  const admin = new RemoteServiceAdmin({
    framework,
    exportProviders: [createExporter("ecf.xmlrpc.server", exported)],
    importProviders: [importer],
    ...options,
  });
  const events: RemoteServiceAdminEvent[] = [];
  admin.addListener((event) => events.push(event));
  const { registry } = framework;
  return { framework, registry, exported, importer, admin, events };
}

/** Returns the kinds of events. */
export function listTypes(events: readonly RemoteServiceAdminEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** Exports a service that has one endpoint. */
export async function exportOne(
  admin: RemoteServiceAdmin,
  reference: ServiceReference,
  overriding?: ServiceProperties,
) {
  const [registration, ...others] = await admin.exportService(reference, overriding);
  if (registration === undefined || others.length > 0) throw new Error("not one endpoint");
  return registration;
}

/** Returns an event of a discovery. */
export function createEvent(
  type: EndpointEvent["type"],
  endpoint: EndpointDescription,
  source: EndpointEvent["source"] = SOURCE,
): EndpointEvent {
  return { type, endpoint, source, matchedFilter: undefined };
}

/** Discovery of the events of tests. */
export const SOURCE: EndpointEvent["source"] = { name: "test" };
