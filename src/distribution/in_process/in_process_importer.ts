import { type Clock, onAbort, waitFor } from "../../util/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import {
  createCallDetails,
  createCallError,
  type ImportDistributionProvider,
  type ImportedEndpoint,
  type RemoteCall,
  RemoteCallError,
  RemoteFault,
} from "../mod.ts";
import { IN_PROCESS_CONFIG } from "./in_process_exporter.ts";
import type { InProcessHub } from "./in_process_hub.ts";

/** Limits of the calls of an importer. */
export interface InProcessContext {
  readonly hub: InProcessHub;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Calls services that other hosts export to the same hub. */
export class InProcessImporter implements ImportDistributionProvider {
  readonly importedConfigs: readonly string[] = [IN_PROCESS_CONFIG];
  readonly importedIntents: readonly string[] = ["osgi.basic", "osgi.async"];
  readonly #context: InProcessContext;

  constructor(context: InProcessContext) {
    this.#context = context;
  }

  importEndpoint(_endpoint: EndpointDescription): ImportedEndpoint {
    return new InProcessImport(this.#context);
  }
}

class InProcessImport implements ImportedEndpoint {
  readonly #context: InProcessContext;
  readonly #abort = new AbortController();

  constructor(context: InProcessContext) {
    this.#context = context;
  }

  async call(call: RemoteCall): Promise<unknown> {
    if (this.#abort.signal.aborted) throw createCallError("closed", "this host is closed", call);
    call.signal?.throwIfAborted();
    const timeoutMs = this.#findTimeoutMs(call);
    if (timeoutMs <= 0) {
      throw createCallError("timeout", "its deadline is over", call, { isExecuted: false });
    }
    const stop = new AbortController();
    using _closed = onAbort(
      this.#abort.signal,
      () => stop.abort(createCallError("interrupted", "this host was closed meanwhile", call)),
    );
    using _aborted = onAbort(call.signal, () => stop.abort(call.signal?.reason));
    const late = () => {
      const error = createCallError("timeout", `no answer within ${Math.ceil(timeoutMs)} ms`, call);
      stop.abort(error);
      return error;
    };
    const limits = { clock: this.#context.clock, signal: stop.signal, timeoutMs };
    return await waitFor(this.#run(call, stop.signal), { ...limits, createTimeoutError: late });
  }

  update(): void {}

  close(): void {
    this.#abort.abort();
  }

  #findTimeoutMs({ deadlineMs }: RemoteCall): number {
    const { clock, timeoutMs } = this.#context;
    return deadlineMs === undefined ? timeoutMs : deadlineMs - clock.now();
  }

  async #run(call: RemoteCall, signal: AbortSignal): Promise<unknown> {
    const { endpoint, method, deadlineMs, headers } = call;
    const target = this.#context.hub.find(endpoint.id);
    if (target === undefined) {
      const reason = "no host exports it here; give both hosts the same inProcess(), or one hub";
      throw createCallError("wrong-service", reason, call);
    }
    const parameters = copy(call.parameters, call);
    try {
      return await target.invoke({
        method,
        parameters,
        headers,
        signal,
        deadlineMs,
        principal: undefined,
      });
    } catch (error) {
      throw toCallError(error, call);
    }
  }
}

/** Copies arguments, so that caller and method share no object. */
function copy<T>(value: T, call: RemoteCall): T {
  try {
    return structuredClone(value);
  } catch (cause) {
    throw createCallError("not-sendable", String(cause), call, { cause });
  }
}

/** Returns the error of a call that an exporter answered with a fault or a refusal. */
function toCallError(cause: unknown, call: RemoteCall): unknown {
  if (cause instanceof RemoteFault) {
    const { faultCode, faultString } = cause;
    return new RemoteFault(faultCode, faultString, { ...createCallDetails(call), cause });
  }
  if (!(cause instanceof RemoteCallError)) return cause;
  const { code, reason, isExecuted } = cause;
  return createCallError(code, reason, call, { cause, isExecuted });
}
