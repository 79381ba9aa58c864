/**
 * What the page shows: endpoints, their history, the health, and the properties that may be seen.
 *
 * @module
 */
export { EndpointFeed, type PageHost } from "./endpoint_feed.ts";
export type { EndpointRecord } from "./endpoint_journal.ts";
export { collectSearchText, createRow, type EndpointRow } from "./endpoint_row.ts";
export type { TimelineEntry } from "./event_timeline.ts";
export type { PageHealth } from "./page_health.ts";
export {
  collectFilterProperties,
  listMethodNames,
  listVisibleProperties,
  toVisible,
} from "./visible_properties.ts";
