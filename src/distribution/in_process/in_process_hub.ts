import type { ExportRequest } from "../mod.ts";

/**
 * Endpoints that the hosts of one process export to each other without a network. Hosts that
 * are given the same hub can call each other.
 *
 * @example
 * ```ts
 * import { InProcessHub, inProcess, memory, remoteServices } from "@remote-services/etcd3";
 *
 * const hub = new InProcessHub();
 * const discovery = [memory()];
 * await using server = await remoteServices({ discovery, distribution: [inProcess(hub)] });
 * await using client = await remoteServices({ discovery, distribution: [inProcess(hub)] });
 * ```
 */
export class InProcessHub {
  readonly #endpoints = new Map<string, ExportRequest>();

  /** Adds an endpoint. Returns the function that removes it. */
  add(request: ExportRequest): () => void {
    const { endpointId } = request;
    this.#endpoints.set(endpointId, request);
    return () => {
      if (this.#endpoints.get(endpointId) === request) this.#endpoints.delete(endpointId);
    };
  }

  /** Returns an endpoint; `undefined` if no host exports it. */
  find(endpointId: string): ExportRequest | undefined {
    return this.#endpoints.get(endpointId);
  }
}
