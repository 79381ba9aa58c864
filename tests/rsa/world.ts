import type { ServiceProperties, ServiceReference } from "../../src/framework/mod.ts";
import type {
  ExportDistributionProvider,
  ImportDistributionProvider,
} from "../../src/distribution/mod.ts";
import {
  Framework,
  RemoteServiceAdmin,
  type RemoteServiceAdminEvent,
  type RemoteServiceAdminOptions,
} from "../../mod.ts";

/** Properties of a service that is to be exported. */
export const EXPORTED = { "service.exported.interfaces": "*" };

/** Creates a provider that exports nothing really; `exported` has the ids of open exports. */
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
        containerId: "http://127.0.0.1:1/xml-rpc",
        close: () => Promise.resolve(void exported.delete(remoteServiceId)),
      });
    },
  };
}

/** Creates a provider whose calls resolve at once with the name of the method. */
export function createImporter(): ImportDistributionProvider {
  return {
    importedConfigs: ["ecf.xmlrpc.server"],
    importEndpoint: () => ({
      call: ({ method }) => Promise.resolve(method),
      update() {},
      close() {},
    }),
  };
}

/** Creates an admin with providers that only record what they were asked for. */
export function createWorld(options: Partial<RemoteServiceAdminOptions> = {}) {
  const framework = new Framework();
  const exported = new Set<number | undefined>();
  const admin = new RemoteServiceAdmin({
    framework,
    exportProviders: [createExporter("ecf.xmlrpc.server", exported)],
    importProviders: [createImporter()],
    ...options,
  });
  const events: RemoteServiceAdminEvent[] = [];
  admin.addListener((event) => events.push(event));
  return { framework, registry: framework.registry, exported, admin, events };
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
