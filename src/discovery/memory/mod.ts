/**
 * The memory discovery provider, for tests without a directory server: hosts of one
 * process that are given the same hub discover each other.
 *
 * @module
 */
export type { MemoryOptions } from "./memory.ts";
export { memory } from "./memory.ts";
export type { MemoryHub } from "./memory_hub.ts";
export { createMemoryHub } from "./memory_hub.ts";
