/**
 * Registration of a listener. It ends with {@link close}, or at the end of a block that holds
 * it with `using`.
 *
 * @example
 * ```ts
 * import { Subscription } from "@remote-services/etcd3";
 *
 * const listeners = new Set([console.log]);
 * const subscription = new Subscription(() => listeners.clear());
 * subscription.close();
 * console.log(listeners.size); // 0
 * ```
 */
export class Subscription implements Disposable {
  #end: (() => void) | undefined;

  /** Creates a subscription; `end` is called once, by the first {@link close}. */
  constructor(end: () => void) {
    this.#end = end;
  }

  /** Removes the listener. May be called more than once. */
  close(): void {
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
