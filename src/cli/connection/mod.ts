/**
 * The connection to etcd and to services, as the options of the command line describe it.
 *
 * @module
 */
export { CALL_OPTIONS, type CallSettings, readCallSettings } from "./call_settings.ts";
export { type Connection, CONNECTION_OPTIONS, readConnection } from "./connection.ts";
export { createConnectionLogger } from "./connection_logger.ts";
export { findConnectionCure, findCure, NO_LEADER_CURE } from "./etcd_cures.ts";
export { readOptionFile } from "./option_file.ts";
export { formatLatency, type Reach, reachEndpoints, toReachFacts } from "./reachability.ts";
export {
  completeInterfaces,
  createSelector,
  loadRegistry,
  selectEndpoints,
} from "./registry_reader.ts";
export { describeRight, type RegistryRight } from "./registry_rights.ts";
