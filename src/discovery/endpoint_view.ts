import type { Clock, Timer } from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";

/** A key of the directory that holds an endpoint. */
export interface StoredEndpoint<Content> {
  /** Unique name of the key. */
  readonly key: string;
  /** Id of the endpoint, as the key says. */
  readonly endpointId: string;
  /** Content of the key; the same content again changes nothing. */
  readonly content: Content;
}

/** A description and the content that it was read from. */
interface Readable<Content> {
  readonly content: Content;
  readonly endpoint: EndpointDescription;
}

interface Entry<Content> extends StoredEndpoint<Content> {
  /** Last content of the key that could be read. */
  readonly readable: Readable<Content> | undefined;
}

/** Parts that an {@link EndpointView} needs. */
export interface EndpointViewOptions<Content> {
  /** Clock of the removals that wait for their grace time. */
  readonly clock: Clock;
  /** Returns the description in a key, or `undefined` if it is unreadable. */
  readonly decode: (stored: StoredEndpoint<Content>) => EndpointDescription | undefined;
  /** Called after a key was deleted. */
  readonly onForget?: (key: string) => void;
  /** Called after an endpoint was added, changed or removed. */
  readonly onChange: (endpointId: string) => void;
}

/**
 * The endpoints of other processes, derived from the keys of a directory. Two processes
 * may hold one endpoint id for a while, when one takes over from the other: the latest
 * description counts, and the endpoint is removed with its last key. A key whose content
 * becomes unreadable keeps its last readable description.
 *
 * @example
 * ```ts
 * import { EndpointDescription, Framework } from "@remote-services/etcd3";
 * import { EndpointView } from "@remote-services/etcd3/rsa";
 *
 * const view = new EndpointView<string>({
 *   clock: new Framework().clock,
 *   decode: ({ endpointId: id, content }) =>
 *     new EndpointDescription({ id, interfaces: [content], configurationTypes: ["x"] }),
 *   onChange: (endpointId) => console.log(endpointId, view.endpoints.has(endpointId)),
 * });
 * view.put({ key: "node-1/a", endpointId: "a", content: "com.example.Greeter" }); // a true
 * view.delete("node-1/a", 0); // a false
 * ```
 */
export class EndpointView<Content> {
  readonly #options: EndpointViewOptions<Content>;
  readonly #entries = new Map<string, Entry<Content>>();
  readonly #keysById = new Map<string, Set<string>>();
  readonly #endpoints = new Map<string, EndpointDescription>();
  readonly #shownContents = new Map<string, Content>();
  readonly #leaving = new Map<string, Timer>();

  /** Creates an empty view. */
  constructor(options: EndpointViewOptions<Content>) {
    this.#options = options;
  }

  /** Live map of the endpoints by id. */
  get endpoints(): ReadonlyMap<string, EndpointDescription> {
    return this.#endpoints;
  }

  /** Ids of the endpoints that have no key any more and wait for the end of their grace time. */
  get leavingIds(): Iterable<string> {
    return this.#leaving.keys();
  }

  /** Applies a put. */
  put(stored: StoredEndpoint<Content>): void {
    const before = this.#entries.get(stored.key);
    if (before?.content === stored.content) return;
    const endpoint = this.#options.decode(stored);
    const readable = endpoint === undefined
      ? before?.readable
      : { content: stored.content, endpoint };
    this.#entries.set(stored.key, { ...stored, readable });
    const keys = this.#keysById.get(stored.endpointId) ?? new Set();
    this.#keysById.set(stored.endpointId, keys.add(stored.key));
    this.#refresh(stored.endpointId, 0);
  }

  /**
   * Applies a delete. The endpoint is removed after `graceMs`, unless it comes back
   * before.
   */
  delete(key: string, graceMs: number): void {
    const before = this.#entries.get(key);
    if (before === undefined) return;
    this.#entries.delete(key);
    const keys = this.#keysById.get(before.endpointId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysById.delete(before.endpointId);
    this.#options.onForget?.(key);
    this.#refresh(before.endpointId, graceMs);
  }

  /** Applies a whole listing: keys that are not in it are deleted. */
  replace(listing: ReadonlyMap<string, StoredEndpoint<Content>>, graceMs: number): void {
    // Puts come first, so that an endpoint that moved to another key is never removed.
    for (const stored of listing.values()) this.put(stored);
    for (const key of [...this.#entries.keys()]) {
      if (!listing.has(key)) this.delete(key, graceMs);
    }
  }

  /** Stops the grace time of pending removals, while the directory is out of reach. */
  hold(): void {
    for (const timer of this.#leaving.values()) timer.cancel();
  }

  /** Restarts the grace time of pending removals in full. */
  release(graceMs: number): void {
    for (const endpointId of [...this.#leaving.keys()]) this.#refresh(endpointId, graceMs);
  }

  /** Makes the endpoint what its keys say; the same content from another key changes nothing. */
  #refresh(endpointId: string, graceMs: number): void {
    const latest = this.#findLatest(endpointId);
    this.#leaving.get(endpointId)?.cancel();
    this.#leaving.delete(endpointId);
    if (latest?.content === this.#shownContents.get(endpointId)) return;
    if (latest === undefined) {
      if (graceMs > 0) return this.#leave(endpointId, graceMs);
      this.#shownContents.delete(endpointId);
      this.#endpoints.delete(endpointId);
    } else {
      this.#shownContents.set(endpointId, latest.content);
      this.#endpoints.set(endpointId, latest.endpoint);
    }
    this.#options.onChange(endpointId);
  }

  #leave(endpointId: string, graceMs: number): void {
    const timer = this.#options.clock.startTimer(graceMs, () => this.#refresh(endpointId, 0));
    this.#leaving.set(endpointId, timer);
  }

  /** Returns the readable description with the latest timestamp. */
  #findLatest(endpointId: string): Readable<Content> | undefined {
    let latest: Readable<Content> | undefined;
    for (const key of this.#keysById.get(endpointId) ?? []) {
      const readable = this.#entries.get(key)?.readable;
      if (readable === undefined) continue;
      const { timestampMs } = readable.endpoint;
      if (timestampMs > (latest?.endpoint.timestampMs ?? -1)) latest = readable;
    }
    return latest;
  }
}
