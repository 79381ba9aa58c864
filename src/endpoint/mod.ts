/**
 * Endpoint descriptions (OSGi Compendium, 122.4), the names and types of their properties,
 * their string form in etcd, and endpoint description files (122.8).
 *
 * @module
 */
export {
  decodeEdef,
  type DecodeEdefOptions,
  EdefError,
  type EdefErrorDetails,
  encodeEdef,
} from "./edef/mod.ts";
export type { EndpointDescriptionInit } from "./endpoint_description.ts";
export { CORE_PROPERTIES, EndpointDescription } from "./endpoint_description.ts";
export type { DescribedService } from "./endpoint_properties.ts";
export { createEndpoint, parseEndpoint } from "./endpoint_properties.ts";
export { normalizeName } from "./known_properties.ts";
export { parseNames } from "./name_list.ts";
export { ECF, OSGI, RS } from "./property_names.ts";
export { formatTyped } from "./property_types.ts";
export type { PropertyValue, ScalarValue } from "./property_values.ts";
export { toPropertyValue } from "./property_values.ts";
export {
  decodeWireProperties,
  encodeWireProperties,
  findUntypedProperties,
  MAX_RS_BYTES,
} from "./wire_properties.ts";
