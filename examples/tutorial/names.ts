// Names of the services through which the bundles of the tutorial work together.

import type { Command } from "../../src/shell/mod.ts";

/** `RemoteServiceAdmin` */
export const REMOTE_SERVICE_ADMIN = "org.osgi.service.remoteserviceadmin.RemoteServiceAdmin";
/** `TopologyManager` */
export const TOPOLOGY_MANAGER = "rsa.TopologyManager";
/** `DiscoveryProvider` */
export const DISCOVERY_PROVIDER = "rsa.DiscoveryProvider";
/** `ExportDistributionProvider` */
export const EXPORT_PROVIDER = "rsa.ExportDistributionProvider";
/** `ImportDistributionProvider` */
export const IMPORT_PROVIDER = "rsa.ImportDistributionProvider";
/** `HttpService` */
export const HTTP_SERVICE = "http.HttpService";
/** `Shell` */
export const SHELL = "shell.Shell";
/** {@link ShellCommands} */
export const SHELL_COMMANDS = "shell.ShellCommands";

/** A service with commands, which the shell adds. */
export interface ShellCommands {
  readonly commands: readonly Command[];
}

/** Name of the factory of HTTP services, with `http.address` and `http.port`. */
export const HTTP_FACTORY = "http.service.basic.factory";
/** Name of the factory of etcd3 discoveries, with `etcd.hostname`, `etcd.port` and more. */
export const ETCD3_FACTORY = "etcd3-endpoint-discovery-factory";
