import type {
  CallCheck,
  ExportDistributionProvider,
  ExportedEndpoint,
  ExportRequest,
} from "../mod.ts";
import type { InProcessHub } from "./in_process_hub.ts";

/** Configuration type of services that are exported within the process. */
export const IN_PROCESS_CONFIG = "rs.in-process";

/** Exports services to the other hosts of a hub. */
export class InProcessExporter implements ExportDistributionProvider {
  readonly supportedConfigs: readonly string[] = [IN_PROCESS_CONFIG];
  readonly supportedIntents: readonly string[] = ["osgi.basic", "osgi.async"];
  readonly containerNamespace = "rs.namespace.in-process";
  readonly #hub: InProcessHub;
  readonly #containerId: string;
  readonly #check: CallCheck | undefined;
  readonly #removers = new Set<() => void>();

  constructor(hub: InProcessHub, hostId: string, check: CallCheck | undefined) {
    this.#hub = hub;
    this.#check = check;
    this.#containerId = `in-process:${hostId}`;
  }

  exportEndpoint(request: ExportRequest): Promise<ExportedEndpoint> {
    const invoke: ExportRequest["invoke"] = (call) => request.invoke(call, { check: this.#check });
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
}
