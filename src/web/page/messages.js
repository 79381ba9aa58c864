/**
 * What the server sends; `src/web/page_stream.ts` has the same types.
 *
 * @typedef {"known" | "added" | "modified" | "removed"} Change
 *
 * @typedef {object} EndpointRow
 * @property {string} id
 * @property {string[]} interfaces
 * @property {string} address
 * @property {string} host
 * @property {string} process
 * @property {string} properties
 * @property {number} bornMs
 * @property {number} changedMs
 * @property {Change} change
 * @property {true} [isOwn]
 * @property {true} [isLeaving]
 *
 * @typedef {object} TimelineEntry
 * @property {number} key
 * @property {"added" | "modified" | "removed" | "health"} type
 * @property {number} atMs
 * @property {string} detail
 * @property {string[]} names
 * @property {number} count
 *
 * @typedef {object} DirectoryHealth
 * @property {string} provider
 * @property {string} state
 * @property {string} [member]
 * @property {number} [lastSyncMs]
 * @property {string} [lastError]
 * @property {Record<string, number>} counters
 *
 * @typedef {object} Health
 * @property {string} state
 * @property {string} reason
 * @property {DirectoryHealth[]} directories
 *
 * @typedef {object} MethodStatistics
 * @property {"outgoing" | "incoming"} direction
 * @property {string} interfaceName
 * @property {string} method
 * @property {number} calls
 * @property {number} errors
 * @property {number} [p50Ms]
 * @property {number} [p95Ms]
 *
 * @typedef {object} PageMessage
 * @property {number} nowMs
 * @property {number} total
 * @property {"begin" | "end" | "all"} [listing]
 * @property {EndpointRow[]} [rows]
 * @property {string[]} [dropped]
 * @property {TimelineEntry[]} [events]
 * @property {Health} [health]
 * @property {MethodStatistics[]} [methods]
 */

export {};
