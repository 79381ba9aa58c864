/**
 * The checks of the command `doctor`.
 *
 * @module
 */
export { checkAddresses } from "./address_checks.ts";
export type { Finding } from "./finding.ts";
export { checkMembers } from "./member_checks.ts";
export { checkRegistry } from "./registry_checks.ts";
export { checkRights } from "./rights_checks.ts";
export { checkTls } from "./tls_checks.ts";
