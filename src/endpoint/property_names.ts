/** Property names of OSGi Remote Services (chapter 100) and Remote Service Admin (122). */
export const OSGI = {
  /** Interfaces of the service. */
  objectClass: "objectClass",
  /** Unique id of the endpoint. */
  endpointId: "endpoint.id",
  /** `service.id` of the service in the exporting framework. */
  endpointServiceId: "endpoint.service.id",
  /** Id of the exporting framework. */
  endpointFrameworkUuid: "endpoint.framework.uuid",
  /** Interfaces to export: `*` for all, or names. */
  exportedInterfaces: "service.exported.interfaces",
  /** Configuration types to export with. */
  exportedConfigs: "service.exported.configs",
  /** Intents that the export must offer. */
  exportedIntents: "service.exported.intents",
  /** Further intents that the export must offer, for a deployer to add. */
  exportedIntentsExtra: "service.exported.intents.extra",
  /** Set on every imported service. */
  imported: "service.imported",
  /** Configuration types by which the endpoint can be imported. */
  importedConfigs: "service.imported.configs",
  /** Intents that the service itself implements. */
  intents: "service.intents",
  /** Configuration types that the exporting side supports. */
  configsSupported: "remote.configs.supported",
  /** Intents that the exporting side supports. */
  intentsSupported: "remote.intents.supported",
  /** Timeout of a call in milliseconds, for the intent `osgi.basic`. */
  basicTimeout: "osgi.basic.timeout",
  /** Version of an exported package; the package's name follows. */
  packageVersion: "endpoint.package.version.",
} as const;

/** Property names of Eclipse ECF, which iPOPO speaks too. */
export const ECF = {
  /** Id of the exporting container: the address to call. */
  containerId: "ecf.endpoint.id",
  /** Namespace of the container id. */
  containerNamespace: "ecf.endpoint.id.ns",
  /** Id of the service in its container. */
  remoteServiceId: "ecf.rsvc.id",
  /** Time of the description in milliseconds since 1970; a later one replaces it. */
  timestamp: "ecf.endpoint.ts",
  /** Names of interfaces with asynchronous twins. */
  asyncInterfaces: "ecf.exported.async.interfaces",
  /** Ids of the containers that may import. */
  idFilter: "ecf.endpoint.idfilter.ids",
} as const;

/** Property names of this library, which others ignore. */
export const RS = {
  /** Types of the other properties, which travel as strings. */
  types: "rs.types",
  /** Names of the callable methods. */
  methods: "rs.methods",
  /** Protocol features that the exporter understands. */
  features: "rs.features",
} as const;
