/** Turns of the event loop after which every runtime has polled its sockets; Deno needs 61. */
const TURNS = 64;

/** Lets other work of the event loop go on for one turn. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Waits until the event loop has handled what its sockets received before the call, such as
 * the end of a connection. Takes about 0.1 ms.
 *
 * @param isEnough ends the wait early
 */
export async function pollSockets(isEnough: () => boolean): Promise<void> {
  for (let turn = 0; turn < TURNS && !isEnough(); turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
