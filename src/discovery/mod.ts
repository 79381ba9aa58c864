/**
 * The discovery contract (OSGi Compendium, 122.6), and the parts that providers share: a
 * view of endpoints and the delivery of events.
 *
 * @module
 */
export type {
  EndpointAdvertiser,
  EndpointDiscovery,
  EndpointEvent,
  EndpointEventListener,
} from "./endpoint_discovery.ts";
export { scoped } from "./scoped_listener.ts";
