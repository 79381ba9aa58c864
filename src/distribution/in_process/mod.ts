/**
 * A distribution without a network, for tests: hosts of one process call each other.
 *
 * @module
 */
export { IN_PROCESS_CONFIG } from "./in_process_exporter.ts";
export type { InProcessOptions } from "./in_process.ts";
export { inProcess } from "./in_process.ts";
export { InProcessHub } from "./in_process_hub.ts";
