import { checkIdempotent, createRemoteProxy, type RemoteCaller } from "../distribution/mod.ts";
import { OSGI } from "../endpoint/mod.ts";
import type { ServiceFilter, ServiceProperties, ServiceRegistry } from "../framework/mod.ts";
import { checkTimeout, type Clock } from "../util/mod.ts";
import { type Candidate, CandidateIndex } from "./candidate_index.ts";
import { ChoosingCaller, type UnattemptedCall } from "./choosing_caller.ts";
import { EndpointStatsTable, type ServicePolicy } from "./endpoint_chooser.ts";

/** Options of a proxy that chooses among the endpoints of an interface. */
export interface ChoiceOptions {
  /** How to choose among several endpoints. @default "balanced" */
  readonly policy?: ServicePolicy;
  /**
   * Methods that may run more than once, so that a call may be repeated when it is unknown
   * whether it arrived; `true` for all. @default none
   */
  readonly idempotent?: true | readonly string[];
  /** Longest time of a call in milliseconds, retries included. @default the host's `timeoutMs` */
  readonly timeoutMs?: number;
  /**
   * Longest wait of a call in milliseconds while no endpoint can be called, as during a
   * restart of the exporter; 0 fails at once. @default 1000
   */
  readonly reconnectWaitMs?: number;
}

/** Parts that a {@link CallRouter} uses. */
export interface CallRouterOptions {
  /** Registry that holds the imported services. */
  readonly registry: ServiceRegistry;
  /** Zone of this process, compared with `osgi.clusterinfo.zone` of endpoints. */
  readonly zone?: string | undefined;
  /** Time in milliseconds after which a call that has no deadline of its own is not repeated. */
  readonly timeoutMs: number;
  /** Source of time and randomness. */
  readonly clock: Clock;
  /** Called for each call for which no endpoint was known. @default nothing */
  readonly onNoEndpoint?: (call: UnattemptedCall) => void;
}

const POLICIES: readonly ServicePolicy[] = ["balanced", "round-robin", "best", "all"];

/** Creates the proxies of a host that choose among endpoints; they share what they learn. */
export class CallRouter {
  readonly #options: CallRouterOptions;
  readonly #index: CandidateIndex;
  readonly #table: EndpointStatsTable;
  /** Pinned proxies by the caller of their endpoint, then by interface. */
  readonly #pinned = new WeakMap<RemoteCaller, Map<string, object>>();
  readonly #abort = new AbortController();

  /** Starts to follow the registry. */
  constructor(options: CallRouterOptions) {
    this.#options = options;
    this.#table = new EndpointStatsTable(options.clock);
    this.#index = new CandidateIndex(options.registry, (id) => this.#table.delete(id));
  }

  /**
   * Creates a proxy that follows an interface.
   *
   * @throws {TypeError | RangeError} on invalid options
   */
  createProxy(
    interfaceName: string,
    filter: ServiceFilter,
    options: ChoiceOptions = {},
  ): object {
    const { policy = "balanced", reconnectWaitMs = 1000, timeoutMs, idempotent } = options;
    if (!POLICIES.includes(policy)) {
      throw new TypeError(`Cannot use the policy ${policy}: give ${POLICIES.join(", ")}`);
    }
    if (reconnectWaitMs !== 0) checkTimeout(reconnectWaitMs, "reconnectWaitMs");
    if (timeoutMs !== undefined) checkTimeout(timeoutMs);
    checkIdempotent(idempotent);
    if (policy === "all" && idempotent !== undefined) {
      throw new TypeError(
        "Cannot use idempotent with the policy all: every endpoint is called once anyway",
      );
    }
    const { clock, zone, timeoutMs: retryTimeoutMs, onNoEndpoint } = this.#options;
    return createRemoteProxy(
      new ChoosingCaller({
        interfaceName,
        listCandidates: this.#index.follow(interfaceName, filter),
        index: this.#index,
        table: this.#table,
        policy,
        idempotent,
        timeoutMs,
        retryTimeoutMs,
        reconnectWaitMs,
        zone,
        closed: this.#abort.signal,
        clock,
        onNoEndpoint,
      }),
    );
  }

  /**
   * Returns a proxy for each endpoint of an interface that is known now, best first: the same
   * one each time. It works again when its endpoint returns, as after a lost lease.
   */
  findPinnedProxies(interfaceName: string, filter: ServiceFilter): object[] {
    const candidates = this.#index.follow(interfaceName, filter)();
    return candidates.map((candidate) => this.#findPinnedProxy(interfaceName, candidate));
  }

  /** Ends waiting calls with the given reason. */
  close(reason: unknown): void {
    this.#abort.abort(reason);
    this.#index.close();
  }

  #findPinnedProxy(interfaceName: string, { id, caller }: Candidate): object {
    const proxies = this.#pinned.get(caller) ?? new Map<string, object>();
    this.#pinned.set(caller, proxies);
    const isSame = (properties: ServiceProperties) => properties[OSGI.endpointId] === id;
    const proxy = proxies.get(interfaceName) ?? this.createProxy(interfaceName, isSame);
    proxies.set(interfaceName, proxy);
    return proxy;
  }
}
