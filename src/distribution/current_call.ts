import type { AsyncLocalStorage } from "node:async_hooks";
import { loadBuiltin } from "../util/mod.ts";
import type { RemoteCall } from "./remote_call.ts";

let current: RemoteCall | undefined;
/** Calls that stay current through awaits; `undefined` until a host asks for it. */
let storage: AsyncLocalStorage<RemoteCall | undefined> | undefined;

/**
 * Valid up to the first `await` of a method, unless its host has the option `asyncContext`:
 * returns the call that the method answers, with its signal, deadline, headers and principal.
 * `undefined` outside of methods that are called remotely.
 *
 * `withOptions(proxy, currentCall() ?? {})` passes signal and deadline on to another call.
 *
 * @priority 80
 * @example
 * ```ts
 * import { currentCall, type Remote, withOptions } from "@remote-services/etcd3";
 *
 * class Bank {
 *   readonly #ledger: Remote<{ book(amount: number): string }>;
 *
 *   constructor(ledger: Remote<{ book(amount: number): string }>) {
 *     this.#ledger = ledger;
 *   }
 *
 *   async transfer(amount: number): Promise<string> {
 *     return await withOptions(this.#ledger, currentCall() ?? {}).book(amount);
 *   }
 * }
 * ```
 */
export function currentCall(): RemoteCall | undefined {
  return current ?? storage?.getStore();
}

/**
 * Runs a method while its call is the current one: up to its first `await`, or with
 * `asyncContext` until it has ended.
 */
export function runAsCurrent(
  call: RemoteCall,
  asyncContext: boolean,
  method: () => unknown,
): unknown {
  const before = current;
  current = call;
  try {
    if (asyncContext) storage ??= new (loadBuiltin("node:async_hooks").AsyncLocalStorage)();
    // A call within a method that has a context must not see that of the method.
    return storage === undefined ? method() : storage.run(asyncContext ? call : undefined, method);
  } finally {
    current = before;
  }
}
