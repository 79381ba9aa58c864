/**
 * Servers of the runtimes: Deno's own and `node:http`, and the choice between them.
 *
 * @module
 */
export { chooseServer } from "./server_choice.ts";
