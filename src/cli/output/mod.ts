/**
 * What the program writes: results, tables, messages and progress, and the streams they go to.
 *
 * @module
 */
export { formatAge } from "./ages.ts";
export { formatCount } from "./counts.ts";
export { findAgeMs, toFacts, toRegisteredFacts } from "./endpoint_facts.ts";
export { Output } from "./output.ts";
export { createLogger } from "./output_logger.ts";
export type { ProgramIo } from "./program_io.ts";
export { Progress } from "./progress.ts";
export { StandardIo } from "./standard_io.ts";
export type { Style } from "./styles.ts";
export type { Cell } from "./text_table.ts";
