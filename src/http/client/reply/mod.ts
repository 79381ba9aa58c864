/**
 * Replies as they arrive on a connection: head, coding and body.
 *
 * @module
 */
export { inflateReply, isInflated } from "./reply_coding.ts";
export { BodyTooLargeError, type RawReply, ReplyReader } from "./reply_reader.ts";
export { WholeReplyReader } from "./whole_reply.ts";
