import type { RemoteCall } from "../../mod.ts";
import { ENDPOINT_HEADER, TIMEOUT_HEADER } from "../constants.ts";

type Headers = Readonly<Record<string, string>>;

/** Headers of a call, and what they were made of. */
interface UsedHeaders {
  readonly given: Headers;
  readonly endpointId: string;
  readonly timeoutMs: number;
  readonly headers: Headers;
}

/** Makes the headers of calls; most calls have the same as the one before, as one frozen object. */
export class CallHeaders {
  #last: UsedHeaders | undefined;

  /** Returns the headers of a call: its own, the endpoint it is meant for, and its time. */
  get({ headers: given, endpoint: { id } }: RemoteCall, timeoutMs: number): Headers {
    const last = this.#last;
    const isSame = last?.given === given && last.endpointId === id && last.timeoutMs === timeoutMs;
    if (isSame) return last.headers;
    const headers: Record<string, string> = { ...given };
    if (isHeaderValue(id)) headers[ENDPOINT_HEADER] = id;
    if (timeoutMs !== Infinity) headers[TIMEOUT_HEADER] = String(timeoutMs);
    if (Object.isFrozen(given)) {
      this.#last = { given, endpointId: id, timeoutMs, headers: Object.freeze(headers) };
    }
    return headers;
  }
}

/** Whether HTTP can carry a value; ids of exporters of this library always are such values. */
function isHeaderValue(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
