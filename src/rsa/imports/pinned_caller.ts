import { hideCredentials } from "../../util/mod.ts";
import { type EndpointDescription, parseNames, RS } from "../../endpoint/mod.ts";
import {
  type CallHandler,
  type CallInstrument,
  completeCallError,
  composeInterceptors,
  computeDeadlineMs,
  createNamedError,
  type ImportedEndpoint,
  type Interceptor,
  type RemoteAttemptOptions,
  type RemoteCall,
  type RemoteCaller,
  type RemoteCallError,
} from "../../distribution/mod.ts";

/** Headers of a call without any; frozen, so that providers may keep what they make of it. */
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** Code around the calls of a {@link PinnedCaller}. */
export interface PinnedCallerContext {
  readonly interceptors: readonly Interceptor[];
  readonly instrument: CallInstrument | undefined;
  /** Called once no call can use the connection any more. */
  readonly onClosed: (caller: PinnedCaller) => void;
}

/** Calls of one endpoint, for as long as it is known and for calls that run longer. */
export class PinnedCaller implements RemoteCaller {
  readonly #imported: ImportedEndpoint;
  readonly #handle: CallHandler;
  /** Whether calls run code that may look for the active span. */
  readonly #isWatched: boolean;
  readonly #instrument: CallInstrument | undefined;
  readonly #onClosed: (caller: PinnedCaller) => void;
  #endpoint: EndpointDescription;
  #methodNames: readonly string[] | undefined;
  #isWithdrawn = false;
  #running = 0;

  constructor(
    endpoint: EndpointDescription,
    imported: ImportedEndpoint,
    { interceptors, instrument, onClosed }: PinnedCallerContext,
  ) {
    this.#onClosed = onClosed;
    this.#instrument = instrument;
    this.#endpoint = endpoint;
    this.#methodNames = parseMethodNames(endpoint);
    this.#imported = imported;
    this.#isWatched = interceptors.length > 0 || imported.isSelfContained !== true;
    this.#handle = composeInterceptors(interceptors, (call) => imported.call(call));
  }

  /** Description of the endpoint as it is now, or was last. */
  get endpoint(): EndpointDescription {
    return this.#endpoint;
  }

  /** Names the endpoint in errors and when its proxy is printed. */
  get label(): string {
    const { interfaces, containerId = "an unknown address" } = this.#endpoint;
    return `${interfaces.join(", ")} at ${hideCredentials(containerId)}`;
  }

  /** First interface of the endpoint. */
  get interfaceName(): string | undefined {
    return this.#endpoint.interfaces[0];
  }

  /** Address of the endpoint. */
  get address(): string | undefined {
    return this.#endpoint.containerId;
  }

  /** Id of the endpoint. */
  get endpointId(): string {
    return this.#endpoint.id;
  }

  /** Names of the methods, if the exporter advertises them. */
  get methodNames(): readonly string[] | undefined {
    return this.#methodNames;
  }

  /** Calls a method of the endpoint. */
  async call(
    method: string,
    parameters: readonly unknown[],
    options: RemoteAttemptOptions,
  ): Promise<unknown> {
    const endpoint = this.#endpoint;
    if (this.#isWithdrawn) throw createGoneError(endpoint, method, options);
    const call = createCall(endpoint, method, parameters, options);
    const measurement = this.#instrument?.isActive === true
      ? this.#instrument.begin(call, this.#isKnown(method))
      : undefined;
    this.#running++;
    try {
      const result = await (measurement?.run(this.#handle, this.#isWatched) ?? this.#handle(call));
      measurement?.end();
      return result;
    } catch (thrown) {
      const error = completeCallError(thrown, call);
      measurement?.fail(error);
      throw error;
    } finally {
      this.#running--;
      this.#closeIfUnused();
    }
  }

  /** Replaces the description. */
  update(endpoint: EndpointDescription): void {
    this.#imported.update(endpoint);
    this.#endpoint = endpoint;
    this.#methodNames = parseMethodNames(endpoint);
  }

  /** Refuses further calls; running ones go on to their own end. */
  withdraw(): void {
    this.#isWithdrawn = true;
    this.#closeIfUnused();
  }

  /** Ends running calls too. */
  close(): void {
    this.#isWithdrawn = true;
    this.#imported.close();
    this.#onClosed(this);
  }

  /** A method that is not advertised may exist all the same: iPOPO and ECF advertise none. */
  #isKnown(method: string): boolean {
    return this.#methodNames?.includes(method) ?? true;
  }

  #closeIfUnused(): void {
    if (this.#isWithdrawn && this.#running === 0) this.close();
  }
}

function createCall(
  endpoint: EndpointDescription,
  method: string,
  parameters: readonly unknown[],
  options: RemoteAttemptOptions,
): RemoteCall {
  return {
    direction: "outgoing",
    interfaceName: options.interfaceName ?? endpoint.interfaces[0] ?? "",
    method,
    parameters,
    headers: options.headers ?? NO_HEADERS,
    signal: options.signal,
    deadlineMs: computeDeadlineMs(options),
    endpoint,
    attempt: options.attempt ?? 1,
    principal: undefined,
    integers: options.integers,
  };
}

function parseMethodNames({ extras }: EndpointDescription): readonly string[] | undefined {
  const names = parseNames(extras.get(RS.methods));
  return names.length === 0 ? undefined : names;
}

function createGoneError(
  { id, interfaces, containerId }: EndpointDescription,
  method: string,
  { attempt, interfaceName = interfaces[0] }: RemoteAttemptOptions,
): RemoteCallError {
  return createNamedError(
    "endpoint-gone",
    "its endpoint was withdrawn, its exporter died, or this host is closed",
    { interfaceName, method, address: containerId, endpointId: id, attempt },
  );
}
