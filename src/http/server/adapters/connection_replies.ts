/** Part of a socket and of a reply of Node that tells that they are closed. */
export interface Closable {
  once(event: "close", listener: () => void): unknown;
  emit(event: "close"): boolean;
}

/**
 * Replies that are not closed yet, by connection. One that waits for an earlier one, because the
 * client asks again before it has an answer, gets no event by itself when the client leaves.
 */
export class ConnectionReplies {
  readonly #replies = new WeakMap<Closable, Set<Closable>>();

  /** Adds a reply, which emits `close` at the end of the connection at the latest. */
  add(socket: Closable, reply: Closable): void {
    const replies = this.#replies.get(socket) ?? this.#follow(socket);
    replies.add(reply);
    reply.once("close", () => replies.delete(reply));
  }

  #follow(socket: Closable): Set<Closable> {
    const replies = new Set<Closable>();
    this.#replies.set(socket, replies);
    socket.once("close", () => {
      for (const reply of [...replies]) reply.emit("close");
    });
    return replies;
  }
}
