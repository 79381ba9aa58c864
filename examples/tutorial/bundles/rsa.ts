// Bundles of Remote Service Admin: the admin and the basic topology manager.

import {
  type BundleDefinition,
  createComponent,
  type DiscoveryProvider,
  type ExportDistributionProvider,
  type ImportDistributionProvider,
  RemoteServiceAdmin,
  requirement,
  ServiceTracker,
  TopologyManager,
} from "../../../mod.ts";
import {
  DISCOVERY_PROVIDER,
  EXPORT_PROVIDER,
  IMPORT_PROVIDER,
  REMOTE_SERVICE_ADMIN,
  TOPOLOGY_MANAGER,
} from "../names.ts";

/** Exports and imports with the distribution providers that are registered. */
export const remoteServiceAdmin: BundleDefinition = {
  name: "rsa.remoteserviceadmin",
  version: "0.1.0",
  start(context) {
    const { framework, bundle: owner } = context;
    createComponent(context, {
      name: "remote-service-admin",
      requires: {
        importProviders: requirement<ImportDistributionProvider>(IMPORT_PROVIDER, {
          aggregate: true,
        }),
        exportProviders: requirement<ExportDistributionProvider>(EXPORT_PROVIDER, {
          aggregate: true,
          optional: true,
        }),
      },
      provides: REMOTE_SERVICE_ADMIN,
      validate: (providers) =>
        new RemoteServiceAdmin({ framework, owner, logger: framework.logger, ...providers }),
      invalidate: (admin) => admin.close(),
    });
  },
};

/** Exports what asks for it, and imports what the registered discoveries report. */
export const basicTopologyManager: BundleDefinition = {
  name: "rsa.topologymanagers.basic",
  version: "0.1.0",
  start(context) {
    const { framework, bundle: user } = context;
    createComponent(context, {
      name: "basic-topology-manager",
      requires: { admin: requirement<RemoteServiceAdmin>(REMOTE_SERVICE_ADMIN) },
      provides: TOPOLOGY_MANAGER,
      validate({ admin }) {
        const manager = new TopologyManager({ framework, admin, logger: framework.logger });
        const connected = new Map<object, Disposable>();
        const tracker = ServiceTracker.open<DiscoveryProvider>(
          framework.registry,
          DISCOVERY_PROVIDER,
          {
            user,
            onAdded: (discovery) => connected.set(discovery, connect(manager, discovery)),
            onRemoved: (discovery) => connected.get(discovery)?.[Symbol.dispose](),
          },
        );
        return { manager, tracker };
      },
      invalidate({ manager, tracker }) {
        tracker.close();
        manager.close();
      },
    });
  },
};

/** Lets a topology manager advertise in a discovery and follow its endpoints. */
function connect(manager: TopologyManager, discovery: DiscoveryProvider): Disposable {
  const stack = new DisposableStack();
  stack.use(manager.addAdvertiser(discovery));
  stack.use(discovery.addListener(manager));
  return stack;
}
