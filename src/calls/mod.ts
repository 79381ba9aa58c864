/**
 * The path of an outgoing call: which endpoint is called, and what follows a failure.
 *
 * @module
 */
export type { CallRouterOptions, ChoiceOptions } from "./call_router.ts";
export { CallRouter } from "./call_router.ts";
export { importedOnly } from "./candidate_index.ts";
export type { UnattemptedCall } from "./choosing_caller.ts";
export type { ServicePolicy } from "./endpoint_chooser.ts";
