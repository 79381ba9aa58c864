import type { Clock, Logger } from "../util/mod.ts";
import type {
  ExportDistributionProvider,
  ImportDistributionProvider,
} from "./distribution_provider.ts";

/** Limits of {@link DistributionProvider.close}. */
export interface DistributionCloseOptions {
  /** Longest time in milliseconds that running calls may still take; 0 ends them at once. */
  readonly drainTimeoutMs?: number | undefined;
}

/** A distribution in use by one host: exports, imports, or both, by one protocol. */
export interface DistributionProvider extends AsyncDisposable {
  /** Name of the protocol, such as `xmlrpc`. */
  readonly name: string;
  /** Half that makes services callable; `undefined` if it only imports. */
  readonly exports: ExportDistributionProvider | undefined;
  /** Half that calls endpoints of other processes; `undefined` if it only exports. */
  readonly imports: ImportDistributionProvider | undefined;
  /** Host name or address that other processes call; `undefined` if the provider has none. */
  readonly advertisedHost: string | undefined;
  /**
   * Whether services are exported under the local address of the connection to the directory;
   * they are exported anew when it changes. @default false
   */
  readonly usesLocalAddress?: boolean;
  /** Takes at once what the provider needs to export, such as a port, if its options ask for it. */
  start(): Promise<void>;
  /** Goes on answering, but reports to load balancers that it will stop. */
  startDraining(): void;
  /**
   * Stops answering new calls, lets running ones finish, and closes.
   *
   * @returns number of calls that were cut off
   */
  close(options?: DistributionCloseOptions): Promise<number>;
}

/** Parts of a host that its distribution providers use. */
export interface DistributionContext {
  /** Logger of the host. */
  readonly logger: Logger;
  /** Source of time and randomness. */
  readonly clock: Clock;
  /** Longest time of a call in milliseconds, unless its options say otherwise. */
  readonly timeoutMs: number;
  /**
   * Returns the local address of the connection to a directory; `undefined` without one.
   * @default none is known
   */
  readonly findLocalAddress?: () => string | undefined;
}

/**
 * Creates a distribution for one host. Does no I/O.
 *
 * @throws {TypeError | RangeError} on invalid options
 */
export type DistributionFactory = (context: DistributionContext) => DistributionProvider;
