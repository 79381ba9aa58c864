import { SYSTEM_CLOCK, waitFor } from "../util/mod.ts";
import { EtcdError } from "./errors.ts";
import { type PasswordOptions, readAuth, type Renewable } from "./options.ts";
import type { GrpcChannel } from "./transport/mod.ts";

/** Least time between two Authenticate calls; each costs the server a bcrypt. */
const RENEW_INTERVAL_MS = 1000;

/** A token older than this is renewed before it opens a stream. */
const FRESH_MS = 30_000;

/** Settings of a {@link Token}. */
interface TokenOptions {
  readonly auth: Renewable<PasswordOptions>;
  /** Deadline of an Authenticate call. */
  readonly timeoutMs: number;
}

/** Limits of one caller of {@link Token.renew}. */
interface RenewLimits {
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal | undefined;
}

type TokenState =
  | { readonly kind: "missing" }
  | { readonly kind: "renewing"; readonly value: string | undefined; readonly done: Promise<void> }
  | { readonly kind: "valid"; readonly value: string | undefined; readonly sinceMs: number };

/** Token of one user on one connection. */
export class Token {
  readonly #channel: GrpcChannel;
  readonly #options: TokenOptions;
  #state: TokenState = { kind: "missing" };

  constructor(channel: GrpcChannel, options: TokenOptions) {
    this.#channel = channel;
    this.#options = options;
  }

  /** Token to send; `undefined` before the first renewal and while etcd has auth off. */
  get value(): string | undefined {
    return this.#state.kind === "missing" ? undefined : this.#state.value;
  }

  /** Whether the token is so young that a stream can be opened with it. */
  get isFresh(): boolean {
    return this.#isYoungerThan(FRESH_MS);
  }

  /**
   * Gets a new token. Callers share one call to etcd, and within a second of the last
   * renewal no call is made.
   *
   * @throws {EtcdError} `authentication-failed` if etcd rejects the credentials, `timeout`
   * if it does not answer within the caller's limit
   */
  async renew({ timeoutMs, signal }: RenewLimits): Promise<void> {
    if (this.#isYoungerThan(RENEW_INTERVAL_MS)) return;
    const createTimeoutError = () =>
      new EtcdError(
        "timeout",
        `etcd at ${this.#channel.endpoint} did not authenticate in ${timeoutMs} ms`,
      );
    await waitFor(this.#renewOnce(), { timeoutMs, signal, createTimeoutError });
  }

  #renewOnce(): Promise<void> {
    if (this.#state.kind === "renewing") return this.#state.done;
    const before = this.#state;
    const done = this.#fetch().then(
      (value) => {
        this.#state = { kind: "valid", value, sinceMs: SYSTEM_CLOCK.now() };
      },
      (error) => {
        this.#state = before;
        throw error;
      },
    );
    this.#state = { kind: "renewing", value: this.value, done };
    return done;
  }

  async #fetch(): Promise<string | undefined> {
    const { auth, timeoutMs } = this.#options;
    // Less than the callers wait, who then know that the function is late, and not etcd.
    const { username: name, password } = await readAuth(auth, { timeoutMs: 0.8 * timeoutMs });
    const context = { headers: {}, timeoutMs, signal: undefined };
    try {
      return (await this.#channel.unary("authenticate", { name, password }, context)).token;
    } catch (error) {
      // With auth off, the calls need no token, and etcd refuses a stale one.
      if (error instanceof EtcdError && error.code === "auth-not-enabled") return undefined;
      throw error;
    }
  }

  #isYoungerThan(ageMs: number): boolean {
    return this.#state.kind === "valid" && SYSTEM_CLOCK.now() - this.#state.sinceMs < ageMs;
  }
}
