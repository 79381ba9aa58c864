import { toMessage } from "../../../util/mod.ts";
import type { EndpointDescription } from "../../../endpoint/mod.ts";
import type { StoredEndpoint } from "../../endpoint_view.ts";
import type { IgnoredLog } from "../health/mod.ts";
import { readEndpoint } from "../registry/mod.ts";

/**
 * Creates the decoder of the endpoint view: returns the description in a key, or `undefined`
 * if it is unreadable, and records what is ignored.
 */
export function createDecoder(
  ignored: IgnoredLog,
): (stored: StoredEndpoint<string>) => EndpointDescription | undefined {
  return ({ key, endpointId, content }) => {
    try {
      const result = readEndpoint(content);
      if (result.endpoint.id !== endpointId) {
        throw new TypeError(`its endpoint.id is ${result.endpoint.id}`);
      }
      ignored.recordProperties(key, result.ignored);
      return result.endpoint;
    } catch (error) {
      ignored.recordKey(key, toMessage(error));
      return undefined;
    }
  };
}
