import type { EndpointDescription } from "../endpoint/mod.ts";

/** A change of the endpoints that a discovery knows (OSGi Compendium, 122.6.2). */
export interface EndpointEvent {
  /** What happened; `modified-endmatch` when a change takes it out of the listener's scope. */
  readonly type: "added" | "modified" | "modified-endmatch" | "removed";
  /** The endpoint as it is now; for `removed`, as it was last. */
  readonly endpoint: EndpointDescription;
}

/** Who wants to hear of endpoints. */
export interface EndpointEventListener {
  /**
   * `endpoint.listener.scope`: filters of the endpoints it wants to hear of (122.6.3).
   * @default every endpoint
   */
  readonly scope?: string | readonly string[];
  /**
   * Called with one event at a time, in order; the next waits until a returned
   * promise is settled. What it throws is logged and harms nobody.
   */
  endpointChanged(event: EndpointEvent): void | Promise<void>;
}

/** The part of a discovery that tells others about our endpoints. */
export interface EndpointAdvertiser {
  /** Advertises an endpoint; resolves when others can see it. */
  advertise(endpoint: EndpointDescription): Promise<void>;
  /** Replaces the description of an endpoint that is advertised. */
  update(endpoint: EndpointDescription): Promise<void>;
  /** Withdraws an endpoint; resolves when others no longer see it. */
  unadvertise(endpointId: string): Promise<void>;
}

/** The part of a discovery that tells us about endpoints of others. */
export interface EndpointDiscovery {
  /** The endpoints that are known now. */
  readonly endpoints: readonly EndpointDescription[];
  /** Adds a listener, tells it what is known already, and gives the function that removes it. */
  addListener(listener: EndpointEventListener): () => void;
}
