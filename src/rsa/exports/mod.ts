/**
 * Exports of services: their properties, the providers that are chosen, and their registrations.
 *
 * @module
 */
export { findProperty, isExported } from "./export_properties.ts";
export { ExportSet } from "./export_set.ts";
