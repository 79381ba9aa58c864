import type { EndpointDescription } from "../endpoint/mod.ts";

/** Discovery that reports an endpoint. Events of one discovery carry the same object. */
export interface EndpointSource {
  /** Name of the provider, such as `etcd3`. */
  readonly name: string;
}

/** A change of the endpoints that a discovery knows (OSGi Compendium, 122.6.2). */
export interface EndpointEvent {
  /** Kind of change; `modified-endmatch` when an update takes it out of the listener's scope. */
  readonly type: "added" | "modified" | "modified-endmatch" | "removed";
  /** The endpoint after the change; for `removed`, its last description. */
  readonly endpoint: EndpointDescription;
  /**
   * Discovery that reports the change. Two discoveries may know one endpoint; it is gone
   * when the last of them removes it (122.6.3).
   */
  readonly source: EndpointSource;
  /**
   * Filter of the listener's scope that matches the endpoint; for `modified-endmatch` and
   * `removed` the one that matched last. `undefined` for a listener without a scope.
   */
  readonly matchedFilter: string | undefined;
}

/** Receives the endpoints of other processes (OSGi Compendium, 122.6.3). */
export interface EndpointEventListener {
  /**
   * `endpoint.listener.scope`: filters of the endpoints that are reported.
   * @default every endpoint
   */
  readonly scope?: string | readonly string[];
  /**
   * Called with one event at a time, in order; the next one waits until a returned
   * promise is settled. An error is logged and does not affect other listeners.
   */
  endpointChanged(event: EndpointEvent): void | Promise<void>;
}
