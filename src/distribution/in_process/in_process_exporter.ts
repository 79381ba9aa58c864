import { type Clock, type Logger, toMessage } from "../../util/mod.ts";
import {
  type CallCheck,
  createThrownFault,
  type ExportDistributionProvider,
  type ExportedEndpoint,
  type ExportRequest,
  FaultLog,
  GENERAL_FAULT,
  type ReceivedCall,
  RemoteCallError,
  RemoteFault,
  UnsendableResultError,
} from "../mod.ts";
import type { InProcessHub } from "./in_process_hub.ts";

/** Configuration type of services that are exported within the process. */
export const IN_PROCESS_CONFIG = "rs.in-process";

/** Parts of an {@link InProcessExporter}. */
export interface InProcessExporterOptions {
  readonly hub: InProcessHub;
  readonly check: CallCheck | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Exports services to the other hosts of a hub. */
export class InProcessExporter implements ExportDistributionProvider {
  readonly supportedConfigs: readonly string[] = [IN_PROCESS_CONFIG];
  readonly supportedIntents: readonly string[] = ["osgi.basic", "osgi.async"];
  readonly containerNamespace = "rs.namespace.in-process";
  readonly #hub: InProcessHub;
  readonly #containerId: string;
  readonly #check: CallCheck | undefined;
  readonly #log: FaultLog;
  readonly #removers = new Set<() => void>();

  constructor({ hub, check, logger, clock }: InProcessExporterOptions) {
    this.#hub = hub;
    this.#check = check;
    this.#log = new FaultLog(logger, clock, (name) => name);
    this.#containerId = `in-process:${clock.uuid()}`;
  }

  exportEndpoint(request: ExportRequest): Promise<ExportedEndpoint> {
    const invoke = (call: ReceivedCall) => this.#run(call, request);
    const remove = this.#hub.add({ ...request, invoke });
    this.#removers.add(remove);
    return Promise.resolve({
      containerId: this.#containerId,
      close: () => {
        this.#removers.delete(remove);
        remove();
        return Promise.resolve();
      },
    });
  }

  /** Removes every endpoint. */
  close(): void {
    for (const remove of this.#removers) remove();
    this.#removers.clear();
  }

  /**
   * Runs a method and copies its result, so that caller and method share no object.
   *
   * @throws {RemoteCallError} a refusal, or the fault of what the method threw
   */
  async #run(call: ReceivedCall, { invoke, interfaces }: ExportRequest): Promise<unknown> {
    try {
      return copyResult(await invoke(call, { check: this.#check }), call.method);
    } catch (thrown) {
      const isLeft = call.signal?.aborted === true; // nothing of it arrives
      throw isLeft ? thrown : this.#translate(thrown, `${call.method} of ${interfaces[0]}`);
    }
  }

  /**
   * Returns the error that the caller receives, and logs the details for the method's developer.
   */
  #translate(thrown: unknown, name: string): RemoteCallError {
    if (thrown instanceof RemoteCallError && !(thrown instanceof RemoteFault)) return thrown;
    const isUnsendable = thrown instanceof UnsendableResultError;
    const words = isUnsendable ? thrown.reason : toMessage(thrown);
    const fault = createThrownFault(thrown);
    if (fault === undefined && !isUnsendable) this.#log.logError(thrown, name);
    this.#log.logThrown(thrown, fault?.faultCode ?? GENERAL_FAULT, name);
    return fault ?? new RemoteFault(GENERAL_FAULT, words || "The method failed");
  }
}

function copyResult(result: unknown, method: string): unknown {
  try {
    return structuredClone(result ?? null);
  } catch (error) {
    const advice = `return data: ${toMessage(error)}`;
    throw new UnsendableResultError(method, "structuredClone refuses it", advice);
  }
}
