import { getRemoteCaller, type RemoteCaller } from "../distribution/mod.ts";
import { ECF, OSGI } from "../endpoint/mod.ts";
import {
  compileFilter,
  type ServiceFilter,
  type ServiceProperties,
  type ServiceReference,
  type ServiceRegistry,
} from "../framework/mod.ts";
import type { Subscription } from "../util/mod.ts";

/** An imported endpoint that can be called. */
export interface Candidate {
  /** Key of the endpoint and its description; a later description has another one. */
  readonly key: string;
  /** `endpoint.id`. */
  readonly id: string;
  /** `ecf.endpoint.ts` of its description. */
  readonly timestampMs: number;
  /** `service.ranking`. */
  readonly ranking: number;
  /** `osgi.clusterinfo.zone`; `undefined` if the exporter does not say. */
  readonly zone: string | undefined;
  /** Caller of its pinned proxy. */
  readonly caller: RemoteCaller;
}

/** Property with the zone of a node (OSGi Compendium, Cluster Information). */
const ZONE_PROPERTY = "osgi.clusterinfo.zone";

/**
 * Index of the imported services of a registry. One listener serves every proxy; each proxy
 * looks again only after a change.
 */
export class CandidateIndex {
  readonly #registry: ServiceRegistry;
  readonly #subscription: Subscription;
  #changed = Promise.withResolvers<void>();
  #version = 0;

  /**
   * Starts to follow a registry.
   *
   * @param onRemoved called with the id of each endpoint whose import ended
   */
  constructor(registry: ServiceRegistry, onRemoved: (endpointId: string) => void) {
    this.#registry = registry;
    this.#subscription = registry.addServiceListener(({ type, reference: { properties } }) => {
      if (properties[OSGI.imported] === undefined) return;
      if (type === "unregistering") onRemoved(String(properties[OSGI.endpointId]));
      this.#notify();
    });
  }

  /** Returns a function that lists the candidates of an interface, best first. */
  follow(interfaceName: string, filter: ServiceFilter): () => readonly Candidate[] {
    const matches = importedOnly(filter);
    let candidates: readonly Candidate[] = [];
    let version = -1;
    return () => {
      if (version === this.#version) return candidates;
      version = this.#version;
      const references = this.#registry.getReferences(interfaceName, matches);
      candidates = references.flatMap((reference) => this.#toCandidate(reference));
      return candidates;
    };
  }

  /** Resolves at the next change of the imported services. */
  waitForChange(): Promise<void> {
    return this.#changed.promise;
  }

  /** Stops following the registry, and ends waiting for a change. */
  close(): void {
    this.#subscription.close();
    this.#notify();
  }

  #notify(): void {
    // A listener is called before an unregistering service leaves: look once it has left.
    queueMicrotask(() => {
      this.#version++;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
    this.#version++;
  }

  #toCandidate(reference: ServiceReference): Candidate[] {
    const proxy = this.#registry.getService(reference);
    const caller = proxy === undefined ? undefined : getRemoteCaller(proxy);
    if (caller === undefined) return [];
    const { properties } = reference;
    const zone = properties[ZONE_PROPERTY];
    const id = String(properties[OSGI.endpointId]);
    const timestampMs = Number(properties[ECF.timestamp] ?? 0);
    return [{
      key: `${id} ${timestampMs}`,
      id,
      timestampMs,
      ranking: Number(properties["service.ranking"] ?? 0) || 0,
      zone: typeof zone === "string" ? zone : undefined,
      caller,
    }];
  }
}

/** Returns a filter that matches only imported services. */
export function importedOnly(filter: ServiceFilter): (properties: ServiceProperties) => boolean {
  const matches = compileFilter(filter);
  return (properties) => properties[OSGI.imported] !== undefined && matches(properties);
}
