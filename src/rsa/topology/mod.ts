/**
 * The topology manager: what is exported, advertised and imported.
 *
 * @module
 */
export { TopologyManager, type TopologyManagerOptions } from "./topology_manager.ts";
