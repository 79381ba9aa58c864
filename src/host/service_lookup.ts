import { type CallRouter, type ChoiceOptions, importedOnly } from "../calls/mod.ts";
import type { Framework, ServiceFilter } from "../framework/mod.ts";
import { RemoteServiceError } from "../rsa/mod.ts";
import { checkOptionNames, checkTimeout, toMessage } from "../util/mod.ts";
import type { KnownInterfaces } from "./known_endpoints.ts";

/** Settings of {@link RemoteServices.services}. */
export interface ServicesOptions {
  /** LDAP filter, or function, of the properties of the endpoints to use. @default all */
  readonly filter?: ServiceFilter;
}

/** Settings of {@link RemoteServices.service}. */
export interface ServiceOptions extends ServicesOptions, ChoiceOptions {
  /** Longest wait for a first endpoint in milliseconds, `Infinity` for ever. @default 30000 */
  readonly waitMs?: number;
  /** Ends the wait for a first endpoint; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal;
}

const NAMES: Readonly<Record<keyof ServiceOptions, true>> = {
  waitMs: true,
  signal: true,
  filter: true,
  policy: true,
  idempotent: true,
  timeoutMs: true,
  reconnectWaitMs: true,
};

/** Finds the imported services of an interface and creates proxies for them. */
export class ServiceLookup {
  readonly #framework: Framework;
  readonly #router: CallRouter;
  readonly #known: () => KnownInterfaces;

  /** Uses the registry of a framework, where imported services are. */
  constructor(framework: Framework, router: CallRouter, known: () => KnownInterfaces) {
    this.#framework = framework;
    this.#router = router;
    this.#known = known;
  }

  /**
   * Waits for a first service and returns a proxy that follows the interface.
   *
   * @param closed aborted when the host is closed
   */
  async find(interfaceName: string, options: ServiceOptions, closed: AbortSignal): Promise<object> {
    checkInterfaceName(interfaceName);
    checkServiceOptions(options);
    const { waitMs = 30_000, signal, filter = () => true } = options;
    const proxy = this.#router.createProxy(interfaceName, filter, options);
    try {
      await this.#framework.waitForService(interfaceName, {
        filter: importedOnly(filter),
        timeoutMs: waitMs,
        signal: signal === undefined ? closed : AbortSignal.any([closed, signal]),
      });
      return proxy;
    } catch (error) {
      const isLate = error instanceof DOMException && error.name === "TimeoutError";
      throw isLate ? this.#createNotFoundError(interfaceName, waitMs, options) : error;
    }
  }

  /** Returns a proxy for each endpoint that is imported now, best first. */
  findAll(interfaceName: string, options: ServicesOptions): object[] {
    checkInterfaceName(interfaceName);
    checkOptionNames(options, { path: "", known: ["filter"] });
    const { filter = () => true } = options;
    return this.#router.findPinnedProxies(interfaceName, filter);
  }

  #createNotFoundError(
    interfaceName: string,
    waitMs: number,
    { filter }: ServicesOptions,
  ): RemoteServiceError {
    return new RemoteServiceError(
      "timeout",
      `No service ${interfaceName} was discovered within ${waitMs} ms: ${
        this.#explain(interfaceName, filter)
      }`,
    );
  }

  #explain(interfaceName: string, filter: ServiceFilter | undefined): string {
    const { discovered, exported, health } = this.#known();
    if (filter !== undefined && this.findAll(interfaceName, {}).length > 0) {
      return "the filter matches none of those that are known";
    }
    if (discovered.has(interfaceName)) {
      return "it is known, but no distribution provider can import it";
    }
    if (exported.has(interfaceName)) {
      return "this host exports it itself; a host imports the services of other hosts only";
    }
    const known = discovered.size === 0
      ? "no service is known"
      : `known are ${[...discovered].join(", ")}`;
    return known + explainHealth(health);
  }
}

/** Returns why a discovery may not know all services; nothing if it is connected. */
function explainHealth({ state, lastError }: KnownInterfaces["health"]): string {
  if (state === "synced") return "";
  const reason = lastError === undefined ? "" : ` (${toMessage(lastError)})`;
  return `; the state of the discovery is ${state}${reason}`;
}

/** @throws {TypeError} if no service can have the name */
function checkInterfaceName(name: unknown): void {
  if (typeof name === "string" && /^[^\s,]+$/.test(name)) return;
  const text = typeof name === "string" ? JSON.stringify(name) : String(name);
  throw new TypeError(
    `Cannot look for the service ${text}: give the name of one interface, without commas and spaces`,
  );
}

/** @throws {TypeError | RangeError} on an unknown option or an invalid wait */
function checkServiceOptions(options: ServiceOptions): void {
  checkOptionNames(options, { path: "", known: Object.keys(NAMES) });
  checkTimeout(options.waitMs ?? 30_000, "waitMs");
}
