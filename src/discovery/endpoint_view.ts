import { type Logger, messageOf } from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";

/** A key of an endpoint as etcd has it. */
export interface StoredEndpoint {
  readonly key: string;
  readonly endpointId: string;
  readonly json: string;
}

interface Entry extends StoredEndpoint {
  readonly endpoint: EndpointDescription | undefined;
}

/**
 * The endpoints of others as they follow from keys and values. Two sessions may hold
 * the same endpoint id for a while, when one takes over from the other; the later
 * description counts, and the endpoint is gone when the last key is.
 */
export class EndpointView {
  readonly #entries = new Map<string, Entry>();
  readonly #keysById = new Map<string, Set<string>>();
  readonly #endpoints = new Map<string, EndpointDescription>();
  readonly #shown = new Map<string, Entry>();
  readonly #leaving = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #decode: (value: string) => EndpointDescription;
  readonly #onChange: (endpointId: string) => void;
  readonly #logger: Logger;

  constructor(
    decode: (value: string) => EndpointDescription,
    onChange: (endpointId: string) => void,
    logger: Logger,
  ) {
    this.#decode = decode;
    this.#onChange = onChange;
    this.#logger = logger;
  }

  /** The endpoints by id; changes with the view. */
  get endpoints(): ReadonlyMap<string, EndpointDescription> {
    return this.#endpoints;
  }

  /** Takes over a key that was put. */
  put(stored: StoredEndpoint): void {
    const before = this.#entries.get(stored.key);
    if (before?.json === stored.json) return;
    this.#entries.set(stored.key, { ...stored, endpoint: this.#read(stored) });
    const keys = this.#keysById.get(stored.endpointId) ?? new Set();
    this.#keysById.set(stored.endpointId, keys.add(stored.key));
    this.#refresh(stored.endpointId, 0);
  }

  /**
   * Takes over that a key is gone. The endpoint goes after `graceMs`, unless it comes
   * back before.
   */
  delete(key: string, graceMs: number): void {
    const before = this.#entries.get(key);
    if (before === undefined) return;
    this.#entries.delete(key);
    const keys = this.#keysById.get(before.endpointId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysById.delete(before.endpointId);
    this.#refresh(before.endpointId, graceMs);
  }

  /** Takes over a whole listing: what is not in it is gone. */
  replace(listing: ReadonlyMap<string, StoredEndpoint>, graceMs: number): void {
    // What is new comes first, so that an endpoint that moved to another key stays.
    for (const stored of listing.values()) this.put(stored);
    for (const key of [...this.#entries.keys()]) {
      if (!listing.has(key)) this.delete(key, graceMs);
    }
  }

  /** Stops the time of removals that are pending: nobody knows what happens meanwhile. */
  hold(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
  }

  /** Gives pending removals their full time of grace again. */
  release(graceMs: number): void {
    for (const endpointId of [...this.#leaving.keys()]) this.#refresh(endpointId, graceMs);
  }

  #read(stored: StoredEndpoint): EndpointDescription | undefined {
    try {
      const endpoint = this.#decode(stored.json);
      if (endpoint.id === stored.endpointId) return endpoint;
      throw new TypeError(`its endpoint.id is ${endpoint.id}`);
    } catch (error) {
      this.#logger.warn(`Ignored the key ${stored.key}: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Makes the endpoint what its keys say; the same description anew changes nothing. */
  #refresh(endpointId: string, graceMs: number): void {
    const latest = this.#latest(endpointId);
    clearTimeout(this.#leaving.get(endpointId));
    this.#leaving.delete(endpointId);
    const shown = this.#shown.get(endpointId);
    if (latest?.json === shown?.json) return;
    if (latest?.endpoint === undefined) {
      if (graceMs > 0) {
        this.#leaving.set(endpointId, setTimeout(() => this.#refresh(endpointId, 0), graceMs));
        return;
      }
      this.#shown.delete(endpointId);
      this.#endpoints.delete(endpointId);
    } else {
      this.#shown.set(endpointId, latest);
      this.#endpoints.set(endpointId, latest.endpoint);
    }
    this.#onChange(endpointId);
  }

  /** The valid description with the latest timestamp. */
  #latest(endpointId: string): Entry | undefined {
    let latest: Entry | undefined;
    for (const key of this.#keysById.get(endpointId) ?? []) {
      const entry = this.#entries.get(key);
      if (entry?.endpoint === undefined) continue;
      const isLater = entry.endpoint.timestampMs > (latest?.endpoint?.timestampMs ?? -1);
      if (isLater) latest = entry;
    }
    return latest;
  }
}
