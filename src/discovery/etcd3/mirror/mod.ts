/**
 * The mirror: what this process sees of the endpoints of other processes.
 *
 * @module
 */
export { createDecoder } from "./endpoint_decoder.ts";
export { Mirror, type OwnKeysObserver } from "./mirror.ts";
