/**
 * LDAP filters: their syntax, their reader, and how they match values.
 *
 * @module
 */
export { Filter } from "./filter.ts";
export { escapeFilterValue, FilterSyntaxError } from "./filter_syntax.ts";
