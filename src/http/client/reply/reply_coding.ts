import { toPrintable } from "../../../util/mod.ts";
import { inflateBody } from "../../content_coding.ts";
import { HttpClientError } from "../http_client_errors.ts";
import type { RawReply } from "./reply_reader.ts";

/** Whether a reply has no content coding that must be undone. */
export function isInflated({ headers, body }: RawReply): boolean {
  return body.length === 0 || !headers.has("content-encoding");
}

/**
 * Undoes the content coding of a reply.
 *
 * @throws {HttpClientError} `too-large` or `invalid-reply`
 */
export async function inflateReply(reply: RawReply, maxBytes: number): Promise<RawReply> {
  const coding = reply.headers.get("content-encoding") ?? "";
  const body = await inflateBody(reply.body, coding, maxBytes);
  switch (body) {
    case "too-large":
      throw new HttpClientError("too-large", "the reply exceeds the limit", { wasSent: true });
    case "broken":
    case "unknown-coding": {
      const message = `the reply has a content coding that can't be undone: ${
        JSON.stringify(toPrintable(coding, 50))
      }`;
      throw new HttpClientError("invalid-reply", message, { wasSent: true });
    }
    default:
      return { ...reply, body };
  }
}
