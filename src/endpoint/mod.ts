/**
 * Endpoint descriptions (OSGi Compendium, 122.4), the names of their properties, and
 * endpoint description files (122.8).
 *
 * @module
 */
export type { EdefOptions } from "./edef.ts";
export { decodeEdef, EdefError, encodeEdef } from "./edef.ts";
export type {
  EndpointDescriptionInit,
  PropertyValue,
  ScalarValue,
} from "./endpoint_description.ts";
export { CORE_PROPERTIES, EndpointDescription } from "./endpoint_description.ts";
export { endpointOf } from "./endpoint_properties.ts";
export { parseNames } from "./name_list.ts";
export { ECF, OSGI } from "./property_names.ts";
