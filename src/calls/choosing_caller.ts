import {
  createNamedError,
  type RemoteAttemptOptions,
  type RemoteCaller,
  RemoteCallError,
  type RemoteCallErrorCode,
} from "../distribution/mod.ts";
import { type Clock, waitFor } from "../util/mod.ts";
import type { Candidate, CandidateIndex } from "./candidate_index.ts";
import {
  EndpointChooser,
  type EndpointStatsTable,
  type ServicePolicy,
} from "./endpoint_chooser.ts";
import { judgeFailure } from "./failure.ts";
import { RetryBudget } from "./retry_budget.ts";

/** A call that ended before an endpoint was known. */
export interface UnattemptedCall {
  readonly interfaceName: string;
  readonly method: string;
  /** Time that it waited for an endpoint, in milliseconds. */
  readonly waitedMs: number;
  /** Error for its caller. */
  readonly error: RemoteCallError;
}

/** Settings of a {@link ChoosingCaller}. */
export interface ChoosingCallerOptions {
  /** Interface that is called. */
  readonly interfaceName: string;
  /** Returns the endpoints that are known now, best first. */
  readonly listCandidates: () => readonly Candidate[];
  /** Index whose changes are waited for. */
  readonly index: CandidateIndex;
  /** Statistics of the endpoints. */
  readonly table: EndpointStatsTable;
  /** How to choose. */
  readonly policy: ServicePolicy;
  /** Methods that may run more than once, `true` for all; `undefined` for none. */
  readonly idempotent: true | readonly string[] | undefined;
  /** Longest time of a call in milliseconds; `undefined` for the default of the provider. */
  readonly timeoutMs: number | undefined;
  /** Time in milliseconds after which a call that has no deadline of its own is not repeated. */
  readonly retryTimeoutMs: number;
  /** Longest wait for an endpoint in milliseconds while none can be called. */
  readonly reconnectWaitMs: number;
  /** Zone of this process. */
  readonly zone: string | undefined;
  /** Aborted when the host is closed. */
  readonly closed: AbortSignal;
  /** Source of time and randomness. */
  readonly clock: Clock;
  /** Called for each call for which no endpoint was known. */
  readonly onNoEndpoint?: ((call: UnattemptedCall) => void) | undefined;
}

/** One call on its way: what was tried, and why it failed. */
interface Progress {
  readonly method: string;
  readonly parameters: readonly unknown[];
  readonly options: RemoteAttemptOptions;
  /** When the call began. */
  readonly beginMs: number;
  /** When the call ends, retries included. */
  readonly endMs: number;
  /** Keys of the endpoints that were called. */
  readonly tried: string[];
  waitUntilMs: number | undefined;
  waitingSinceMs: number | undefined;
  failure: RemoteCallError | undefined;
}

/**
 * Calls the endpoints of an interface. Chooses one for each call; tries another one if the
 * method surely did not run, or if it may run more than once.
 */
export class ChoosingCaller implements RemoteCaller {
  readonly label: string;
  readonly interfaceName: string;
  /** Whether a call returns the outcomes at every endpoint. */
  readonly returnsOutcomes: boolean;
  readonly #options: ChoosingCallerOptions;
  readonly #chooser: EndpointChooser;
  readonly #budget: RetryBudget;
  /** Endpoint that was called last. */
  #last: Candidate | undefined;

  /** Creates a caller. */
  constructor(options: ChoosingCallerOptions) {
    const { interfaceName, policy, clock } = options;
    this.label = `${interfaceName}, ${policy}`;
    this.interfaceName = interfaceName;
    this.returnsOutcomes = policy === "all";
    this.#options = options;
    this.#last = options.listCandidates()[0];
    this.#chooser = new EndpointChooser({
      policy: policy === "all" ? "best" : policy,
      zone: options.zone,
      table: options.table,
      clock,
    });
    this.#budget = new RetryBudget(clock.now());
  }

  /** Address of the best endpoint that is known, or else of the one that was called last. */
  get address(): string | undefined {
    return this.#best?.caller.address;
  }

  /** Id of that endpoint. */
  get endpointId(): string | undefined {
    return this.#best?.id;
  }

  get #best(): Candidate | undefined {
    return this.#options.listCandidates()[0] ?? this.#last;
  }

  /** Names of the methods, if all endpoints that are known say the same; else `undefined`. */
  get methodNames(): readonly string[] | undefined {
    const [first, ...others] = this.#options.listCandidates().map(({ caller }) =>
      caller.methodNames
    );
    return others.every((names) => names?.join() === first?.join()) ? first : undefined;
  }

  call(
    method: string,
    parameters: readonly unknown[],
    options: RemoteAttemptOptions,
  ): Promise<unknown> {
    const { clock, interfaceName, policy, retryTimeoutMs, closed } = this.#options;
    if (closed.aborted) {
      return Promise.reject(this.#createError("closed", "this host is closed", method));
    }
    const beginMs = clock.now();
    const deadlineMs = limitDeadline(options, this.#options.timeoutMs, beginMs);
    const progress: Progress = {
      method,
      parameters,
      options: { ...options, interfaceName, timeoutMs: undefined, deadlineMs, attempt: 1 },
      beginMs,
      endMs: deadlineMs ?? beginMs + retryTimeoutMs,
      tried: [],
      waitUntilMs: undefined,
      waitingSinceMs: undefined,
      failure: undefined,
    };
    return policy === "all" ? this.#callAll(progress) : this.#callOne(progress);
  }

  async #callOne(progress: Progress): Promise<unknown> {
    this.#budget.deposit();
    while (true) {
      const candidates = this.#options.listCandidates();
      const { tried } = progress;
      const untried = tried.length === 0
        ? candidates
        : candidates.filter(({ key }) => !tried.includes(key));
      const candidate = this.#chooser.choose(untried);
      if (candidate === undefined) {
        await this.#waitForCandidate(progress);
        continue;
      }
      tried.push(candidate.key);
      try {
        return await this.#attempt(candidate, candidates, progress);
      } catch (error) {
        if (!(error instanceof RemoteCallError) || !this.#mayRepeat(error, progress)) throw error;
        progress.failure = error;
      }
    }
  }

  async #callAll(progress: Progress): Promise<PromiseSettledResult<unknown>[]> {
    while (this.#options.listCandidates().length === 0) await this.#waitForCandidate(progress);
    const candidates = this.#options.listCandidates();
    return await Promise.allSettled(
      candidates.map((candidate) => this.#attempt(candidate, candidates, progress)),
    );
  }

  async #attempt(
    candidate: Candidate,
    candidates: readonly Candidate[],
    { method, parameters, options, tried, beginMs: callBeginMs, endMs, waitingSinceMs }: Progress,
  ): Promise<unknown> {
    const { clock, table } = this.#options;
    const stats = table.get(candidate);
    this.#last = candidate;
    const attempt = Math.max(tried.length, 1);
    const isAtOnce = attempt === 1 && waitingSinceMs === undefined;
    const beginMs = isAtOnce ? callBeginMs : clock.now();
    stats.begin(beginMs);
    try {
      // The first attempt may take the time of its endpoint; the others share what is left.
      const result = await candidate.caller.call(
        method,
        parameters,
        attempt === 1 ? options : { ...options, attempt, deadlineMs: endMs },
      );
      this.#chooser.record(candidate, candidates, "success", clock.now() - beginMs);
      return result;
    } catch (error) {
      const lostMs = clock.now() - beginMs;
      const { outcome, isGone, isUnreachable } = judgeFailure(error);
      if (isGone) stats.markGone(candidate.timestampMs);
      if (outcome === undefined) stats.abandon();
      else this.#chooser.record(candidate, candidates, outcome, lostMs);
      if (isUnreachable) this.#chooser.passOver(candidate, candidates, lostMs);
      throw error;
    }
  }

  /** Whether a call that failed may be tried at another endpoint. */
  #mayRepeat(error: RemoteCallError, { method, options, endMs }: Progress): boolean {
    const isOver = this.#options.closed.aborted || this.#options.clock.now() >= endMs;
    if (isOver || judgeFailure(error).isFinal) return false;
    if (error.isExecuted === false) return true;
    const idempotent = options.idempotent ?? this.#options.idempotent;
    const isIdempotent = idempotent === true || (idempotent?.includes(method) ?? false);
    return error.isExecuted === "unknown" && isIdempotent &&
      this.#budget.withdraw(this.#options.clock.now());
  }

  /**
   * Waits until the known endpoints change.
   *
   * @throws {RemoteCallError} the last failure, or `endpoint-gone`, once it took too long
   */
  async #waitForCandidate(progress: Progress): Promise<void> {
    const { clock, index, reconnectWaitMs, closed } = this.#options;
    const { options: { deadlineMs = Infinity, signal }, failure } = progress;
    progress.waitingSinceMs ??= clock.now();
    progress.waitUntilMs ??= Math.min(clock.now() + reconnectWaitMs, deadlineMs);
    const leftMs = progress.waitUntilMs - clock.now();
    const isWorthwhile = failure === undefined || judgeFailure(failure).mayReturn;
    if (leftMs <= 0 || !isWorthwhile || closed.aborted) throw failure ?? this.#giveUp(progress);
    await waitFor(index.waitForChange(), {
      timeoutMs: leftMs,
      signal,
      clock,
      createTimeoutError: () => failure ?? this.#giveUp(progress),
    });
  }

  /** Reports a call for which nothing was attempted, and returns its error. */
  #giveUp({ method, waitingSinceMs = 0 }: Progress): RemoteCallError {
    const { interfaceName, reconnectWaitMs, clock, onNoEndpoint, closed } = this.#options;
    if (closed.aborted) return this.#createError("closed", "this host is closed", method);
    const reason = `no endpoint is known, nor was one discovered within ${reconnectWaitMs} ms`;
    const error = this.#createError("endpoint-gone", reason, method);
    onNoEndpoint?.({ interfaceName, method, waitedMs: clock.now() - waitingSinceMs, error });
    return error;
  }

  #createError(code: RemoteCallErrorCode, reason: string, method: string): RemoteCallError {
    const { interfaceName, address, endpointId } = this;
    return createNamedError(code, reason, { interfaceName, method, address, endpointId });
  }
}

/** Returns when a call ends, by its own limits or else by that of its proxy. */
function limitDeadline(
  { timeoutMs, deadlineMs }: RemoteAttemptOptions,
  proxyTimeoutMs: number | undefined,
  nowMs: number,
): number | undefined {
  const limitMs = timeoutMs ?? proxyTimeoutMs;
  return limitMs === undefined ? deadlineMs : Math.min(nowMs + limitMs, deadlineMs ?? Infinity);
}
