import { type Clock, createBusyController, MAX_TIMER_MS, toPrintable } from "../../../util/mod.ts";
import { ECF, type EndpointDescription, OSGI } from "../../../endpoint/mod.ts";
import { parseHttpTarget } from "../../../http/mod.ts";
import { XmlRpcClient } from "../../../xmlrpc/mod.ts";
import {
  createCallError,
  type ImportedEndpoint,
  type RemoteCall,
  type RemoteCallError,
} from "../../mod.ts";
import { findIntentProblem } from "../intents.ts";
import { findAddressProblem, RefusedAddress } from "../refused_address.ts";
import { EXECUTED_HEADER } from "../refusals.ts";
import { translateFailure } from "./call_errors.ts";
import { CallHeaders } from "./call_headers.ts";
import { addCreatedHeaders } from "./created_headers.ts";
import type { CreateHeaders, SharedClient } from "./import_options.ts";

/** Settings of an {@link XmlRpcImportedEndpoint}. */
export interface ImportedEndpointOptions {
  /** Parts that it shares with other endpoints. */
  readonly shared: SharedClient;
  /** Deadline of a call if the endpoint has no `osgi.basic.timeout`. */
  readonly timeoutMs: number;
  /** Source of time. */
  readonly clock: Clock;
}

/** Endpoint of another process that is called over XML-RPC. */
export class XmlRpcImportedEndpoint implements ImportedEndpoint {
  /** Whether neither a function of the user nor `fetch` runs within a call. */
  readonly isSelfContained: boolean;
  readonly #options: ImportedEndpointOptions;
  readonly #clock: Clock;
  readonly #abort = createBusyController();
  readonly #headers = new CallHeaders();
  #endpoint: EndpointDescription;
  #timeoutMs: number;
  #client: XmlRpcClient | RefusedAddress;

  /**
   * Checks the address; nothing is sent yet.
   *
   * @throws {TypeError} if the address is not a URL, or contradicts the endpoint's intents
   */
  constructor(endpoint: EndpointDescription, options: ImportedEndpointOptions) {
    const { options: { fetch }, createHeaders } = options.shared;
    this.isSelfContained = fetch === undefined && createHeaders === undefined;
    this.#options = options;
    this.#clock = options.clock;
    this.#endpoint = endpoint;
    this.#timeoutMs = this.#findTimeoutMs(endpoint);
    this.#client = this.#createClient(endpoint);
    requireIntents(endpoint);
  }

  /** Sends a call. */
  async call(given: RemoteCall): Promise<unknown> {
    const client = this.#findClient(given);
    const endpoint = this.#endpoint; // an update meanwhile must not mix two descriptions
    const { createHeaders } = this.#options.shared;
    const call = createHeaders === undefined
      ? given
      : await this.#addHeaders(given, createHeaders, endpoint);
    let executed: string | undefined;
    try {
      const timeoutMs = call.deadlineMs === undefined
        ? this.#timeoutMs
        : Math.max(1, Math.ceil(call.deadlineMs - this.#clock.now()));
      return await client.call(
        `${endpoint.remoteServiceId}.${call.method}`,
        call.parameters,
        {
          timeoutMs,
          integers: call.integers,
          signal: this.#joinSignals(call.signal),
          headers: this.#headers.get(call, timeoutMs),
          onReply: ({ headers }) => void (executed = headers.get(EXECUTED_HEADER)),
        },
      );
    } catch (error) {
      throw this.#translate(error, call, executed);
    }
  }

  /** Replaces the description; running calls go on. */
  update(endpoint: EndpointDescription): void {
    this.#client = this.#createClient(endpoint);
    this.#timeoutMs = this.#findTimeoutMs(endpoint);
    this.#endpoint = endpoint;
  }

  /** Ends running calls. */
  close(): void {
    this.#abort.abort();
  }

  /** Adds the headers that the user's function returns for the endpoint. */
  async #addHeaders(
    call: RemoteCall,
    create: CreateHeaders,
    endpoint: EndpointDescription,
  ): Promise<RemoteCall> {
    const isClosed = this.#abort.signal;
    try {
      return await addCreatedHeaders(call, create, {
        endpoint,
        endMs: call.deadlineMs ?? this.#clock.now() + this.#timeoutMs,
        signal: this.#joinSignals(call.signal),
        createTimeoutError: () => createLateError(call),
        clock: this.#clock,
      });
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      throw isClosed.aborted ? createInterruptedError(call, error) : error;
    }
  }

  /** Returns the client of a call that may be sent. */
  #findClient(call: RemoteCall): XmlRpcClient {
    if (this.#abort.signal.aborted) {
      throw createCallError("closed", "this host is closed", call);
    }
    if (call.deadlineMs !== undefined && call.deadlineMs <= this.#clock.now()) {
      throw createLateError(call);
    }
    if (this.#client instanceof RefusedAddress) throw this.#client.createError(call);
    return this.#client;
  }

  #joinSignals(signal: AbortSignal | undefined): AbortSignal {
    const isClosed = this.#abort.signal;
    return signal === undefined ? isClosed : AbortSignal.any([signal, isClosed]);
  }

  /** Returns the error of a call, from that of its client. */
  #translate(error: unknown, call: RemoteCall, executed: string | undefined): unknown {
    if (call.signal?.aborted) return call.signal.reason;
    if (this.#abort.signal.aborted) return createInterruptedError(call, error);
    const isArgument = error instanceof TypeError || error instanceof RangeError;
    return isArgument
      ? createCallError("not-sendable", error.message, call, { cause: error })
      : translateFailure(error, call, executed);
  }

  #createClient(endpoint: EndpointDescription): XmlRpcClient | RefusedAddress {
    const { options, allowHosts } = this.#options.shared;
    const url = requireAddress(endpoint);
    const scheme = URL.parse(url)?.protocol;
    if (scheme !== undefined && !/^https?:$/.test(scheme)) {
      return new RefusedAddress(`give an http or https address, not ${scheme}`);
    }
    const target = parseHttpTarget(url);
    const problem = findAddressProblem(endpoint, target, allowHosts);
    if (problem !== undefined) return new RefusedAddress(problem);
    return new XmlRpcClient(url, { ...options, timeoutMs: this.#findTimeoutMs(endpoint) });
  }

  #findTimeoutMs({ extras }: EndpointDescription): number {
    const asked = Number(extras.get(OSGI.basicTimeout) ?? NaN);
    return asked > 0 && asked <= MAX_TIMER_MS ? asked : this.#options.timeoutMs;
  }
}

/** Creates the error of a call that ran when this host was closed. */
function createInterruptedError(call: RemoteCall, cause: unknown): RemoteCallError {
  return createCallError("interrupted", "this host was closed meanwhile", call, { cause });
}

/** Creates the error of a call whose deadline is over before anything was sent. */
function createLateError(call: RemoteCall): RemoteCallError {
  const reason = "its deadline is over, nothing was sent";
  return createCallError("timeout", reason, call, { isExecuted: false });
}

/** Returns the URL of an endpoint that has all that a call over XML-RPC needs. */
function requireAddress({ id, containerId, remoteServiceId }: EndpointDescription): string {
  const isUrl = containerId !== undefined && URL.canParse(containerId);
  if (isUrl && remoteServiceId !== undefined) return containerId;
  const problem = containerId === undefined
    ? `it has no ${ECF.containerId}`
    : isUrl
    ? `it has no ${ECF.remoteServiceId}`
    : `its ${ECF.containerId} is not a URL`;
  throw new TypeError(`Cannot import the endpoint ${toPrintable(id)} over XML-RPC: ${problem}`);
}

/** Checks that the address of an endpoint, if it is one to call, agrees with its intents. */
function requireIntents({ id, containerId = "", intents }: EndpointDescription): void {
  const isHttp = /^https?:$/.test(URL.parse(containerId)?.protocol ?? "");
  const problem = isHttp ? findIntentProblem(intents, parseHttpTarget(containerId)) : undefined;
  if (problem === undefined) return;
  throw new TypeError(
    `Cannot import the endpoint ${toPrintable(id)} at ${toPrintable(containerId)}: ${problem}`,
  );
}
