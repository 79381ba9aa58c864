import type { ExportRequest } from "../mod.ts";

/**
 * Endpoints that the hosts of one process export to each other without a network. Hosts that
 * are given the same hub can call each other.
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
