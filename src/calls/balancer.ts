import { isMethodName, RemoteCallError } from "../distribution/mod.ts";

/** Which of several services of an interface is called. */
export type ServicePolicy = "best" | "round-robin" | "all";

/** How calls are spread over the services of an interface. */
export interface BalanceOptions {
  /**
   * `best`: the highest ranked; `round-robin`: one after the other; `all`: every one, and
   * the call gives a list of how each ended. @default "best"
   */
  readonly policy?: ServicePolicy;
  /**
   * Methods that may be called again elsewhere when it is not known whether a call
   * arrived; `true` for all. @default none
   */
  readonly idempotent?: true | readonly string[];
  /** How long an endpoint that could not be reached is passed over. @default 10000 */
  readonly setAsideMs?: number;
}

/** A service that can be called. */
export interface Candidate {
  /** Its endpoint's id. */
  readonly id: string;
  /** Its proxy. */
  readonly proxy: object;
}

/**
 * A proxy that chooses for each call among the services that are known at that moment.
 *
 * @param candidates what is known now, best first
 */
export function createBalanced(
  interfaceName: string,
  candidates: () => readonly Candidate[],
  options: BalanceOptions,
): object {
  const balancer = new Balancer(interfaceName, candidates, options);
  const target: Record<PropertyKey, unknown> = Object.assign(Object.create(null), {
    toString: () => `Remote(${interfaceName}, ${options.policy ?? "best"})`,
  });
  return new Proxy(target, {
    get(_, name) {
      // Awaiting, printing or comparing it calls nothing.
      if (typeof name === "symbol" || !isMethodName(name)) return Reflect.get(target, name);
      return (...params: unknown[]) => balancer.call(name, params);
    },
    set: () => false,
  });
}

class Balancer {
  readonly #interfaceName: string;
  readonly #candidates: () => readonly Candidate[];
  readonly #policy: ServicePolicy;
  readonly #idempotent: BalanceOptions["idempotent"];
  readonly #setAsideMs: number;
  /** Until when each endpoint that could not be reached is passed over. */
  readonly #setAside = new Map<string, number>();
  #turn = 0;

  constructor(
    interfaceName: string,
    candidates: () => readonly Candidate[],
    { policy = "best", idempotent, setAsideMs = 10_000 }: BalanceOptions,
  ) {
    if (!(setAsideMs >= 0)) throw new RangeError(`Cannot use setAsideMs ${setAsideMs}`);
    if (!["best", "round-robin", "all"].includes(policy)) {
      throw new TypeError(`Cannot use the policy ${policy}: give best, round-robin or all`);
    }
    this.#interfaceName = interfaceName;
    this.#candidates = candidates;
    this.#policy = policy;
    this.#idempotent = idempotent;
    this.#setAsideMs = setAsideMs;
  }

  async call(method: string, params: unknown[]): Promise<unknown> {
    const order = this.#inOrder();
    if (this.#policy === "all" && order.length > 0) {
      return await Promise.allSettled(order.map((one) => this.#try(one, method, params)));
    }
    const mayRepeat = this.#idempotent === true || (this.#idempotent?.includes(method) ?? false);
    let failure: unknown = new RemoteCallError(
      "endpoint-gone",
      `Cannot call ${method}: no service ${this.#interfaceName} is known`,
    );
    for (const one of order) {
      try {
        return await this.#try(one, method, params);
      } catch (error) {
        failure = error;
        if (!mayRepeat || !isOutOfReach(error)) break;
      }
    }
    throw failure;
  }

  async #try({ id, proxy }: Candidate, method: string, params: unknown[]): Promise<unknown> {
    try {
      const result: unknown = await Reflect.get(proxy, method)(...params);
      this.#setAside.delete(id);
      return result;
    } catch (error) {
      if (error instanceof RemoteCallError && error.code === "unreachable") {
        this.#setAside.set(id, performance.now() + this.#setAsideMs);
      }
      throw error;
    }
  }

  /** Whom to call first, and then; who could not be reached comes last. */
  #inOrder(): readonly Candidate[] {
    const known = this.#candidates();
    const from = this.#policy === "round-robin" ? this.#turn++ % Math.max(known.length, 1) : 0;
    const turned = [...known.slice(from), ...known.slice(0, from)];
    const now = performance.now();
    const until = ({ id }: Candidate) => {
      const time = this.#setAside.get(id) ?? 0;
      return time > now ? time : 0;
    };
    for (const [id, time] of this.#setAside) if (time <= now) this.#setAside.delete(id);
    return turned.sort((a, b) => until(a) - until(b));
  }
}

/** Whether a call did not get through, or it is not known whether it did. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof RemoteCallError && error.isExecuted !== true;
}
