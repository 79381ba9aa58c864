/**
 * What Deno, Node and Bun have in different ways: built-in modules, permissions, signals and the event loop.
 *
 * @module
 */
export { loadBuiltin } from "./builtins.ts";
export { pollSockets, yieldTurn } from "./event_loop.ts";
export { explainPermission, requestNetPermission } from "./permissions.ts";
export { openSignalPipe } from "./signal_pipe.ts";
