import type { ServiceProperties } from "../framework/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";

/** A service that is to be made callable from outside. */
export interface ExportRequest {
  /** The object to call. */
  readonly service: object;
  /** Id under which the container knows it; unique in the process. */
  readonly remoteServiceId: number;
  /** The interfaces to offer. */
  readonly interfaces: readonly string[];
  /** The service's properties, the provider's own settings among them. */
  readonly properties: ServiceProperties;
}

/** A service that is callable from outside. */
export interface ExportedService {
  /** Address of the container, `ecf.endpoint.id`. */
  readonly containerId: string;
  /** Stops answering calls to the service. */
  close(): Promise<void>;
}

/** Makes services callable by some protocol. */
export interface ExportDistributionProvider {
  /** Configuration types that it exports, such as `ecf.xmlrpc.server`. */
  readonly supportedConfigs: readonly string[];
  /** Intents that its exports offer, such as `osgi.basic`. */
  readonly supportedIntents: readonly string[];
  /** Namespace of its container ids. */
  readonly containerNamespace: string;
  /** Makes a service callable. */
  exportService(request: ExportRequest): Promise<ExportedService>;
}

/** A proxy for a service of another process. */
export interface ImportedService {
  /** The object whose methods call the service. */
  readonly proxy: object;
  /** Takes over a changed description of the same endpoint. */
  update(endpoint: EndpointDescription): void;
  /** Makes further calls fail at once. */
  close(): void;
}

/** Makes proxies for services that are exported by some protocol. */
export interface ImportDistributionProvider {
  /** Configuration types that it can import. */
  readonly importedConfigs: readonly string[];
  /** Makes a proxy; nothing is called yet. */
  importService(endpoint: EndpointDescription): ImportedService;
}
