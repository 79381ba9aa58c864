import type { EtcdError, KeyValue, WatchEvent } from "../../../etcd/mod.ts";
import { decodeText } from "../registry/mod.ts";

/** Content of a key of ours in etcd, as far as is known. */
type StoredContent =
  /** The key does not exist. */
  | { readonly kind: "absent" }
  | { readonly kind: "present"; readonly value: string; readonly lease: bigint }
  /** A write was sent; it may have been applied, or may yet be. */
  | { readonly kind: "unknown" };

interface Stored {
  readonly content: StoredContent;
  /** Revision at which the content was known. */
  readonly revision: bigint;
}

const ABSENT: StoredContent = { kind: "absent" };
const UNKNOWN: StoredContent = { kind: "unknown" };

/** Repairs of one key within `CONFLICT_MS` after which it is left alone for that time. */
const CONFLICT_REPAIRS = 5;
const CONFLICT_MS = 60_000;

/**
 * The keys of our session: desired contents, stored contents, and the difference to write.
 * Does no I/O.
 */
export class OwnKeys {
  readonly #desired = new Map<string, string>();
  readonly #stored = new Map<string, Stored>();
  /** Keys that another process changed and that are to be repaired. */
  readonly #damaged = new Set<string>();
  /** Times of the repairs, by key. */
  readonly #repairs = new Map<string, number[]>();
  /** Errors of values that etcd will never take, by key. */
  readonly #refusals = new Map<string, EtcdError>();

  /** Keys that should exist. */
  get desiredKeys(): string[] {
    return [...this.#desired.keys()];
  }

  /** Sets the desired value of a key; `undefined` means that the key should not exist. */
  setDesired(key: string, value: string | undefined): void {
    if (value === undefined) this.#desired.delete(key);
    else this.#desired.set(key, value);
    this.#repairs.delete(key);
    this.#refusals.delete(key);
  }

  /** Returns the desired value of a key. */
  getDesired(key: string): string | undefined {
    return this.#desired.get(key);
  }

  /** Returns whether etcd has the desired value under the key, attached to the lease. */
  isSettled(key: string, lease: bigint): boolean {
    const content = this.#stored.get(key)?.content ?? ABSENT;
    const desired = this.#desired.get(key);
    switch (content.kind) {
      case "absent":
        return desired === undefined;
      case "present":
        return content.value === desired && content.lease === lease;
      case "unknown":
        return false;
    }
  }

  /** Returns the keys to write, without those in conflict and those that etcd refuses. */
  findUnsettled(lease: bigint, nowMs: number): string[] {
    const keys = new Set([...this.#desired.keys(), ...this.#stored.keys()]);
    return [...keys].filter((key) =>
      !this.isSettled(key, lease) && !this.isContested(key, nowMs) && !this.#refusals.has(key)
    );
  }

  /** Records that etcd will never take the desired value; it is left out until it changes. */
  refuse(key: string, error: EtcdError): void {
    this.#refusals.set(key, error);
  }

  /** Returns the error with which etcd refused the desired value of a key. */
  getRefusal(key: string): EtcdError | undefined {
    return this.#refusals.get(key);
  }

  /** Records that a write is sent: until it is answered the content is unknown. */
  recordSent(key: string): void {
    this.#stored.set(key, { content: UNKNOWN, revision: this.#getRevision(key) });
  }

  /** Records the answer to a write. A change that was observed at a later revision counts. */
  recordWritten(key: string, value: string | undefined, lease: bigint, revision: bigint): void {
    if (revision < this.#getRevision(key)) return;
    const content: StoredContent = value === undefined ? ABSENT : { kind: "present", value, lease };
    this.#stored.set(key, { content, revision });
  }

  /** Records that the lease is lost: what is known of its keys is void. */
  recordLeaseLoss(): void {
    for (const key of this.#stored.keys()) {
      this.#stored.set(key, { content: UNKNOWN, revision: 0n });
    }
    this.#damaged.clear();
  }

  /** Records an observed change. Returns whether it makes a write necessary. */
  observe(key: string, event: WatchEvent, lease: bigint): boolean {
    const { modRevision: revision } = event.kv;
    if (revision <= this.#getRevision(key)) return false;
    const content = event.type === "put" ? toContent(event.kv) : ABSENT;
    this.#stored.set(key, { content, revision });
    if (this.isSettled(key, lease)) return false;
    this.#damaged.add(key);
    return true;
  }

  /** Records a listing of all our keys, except where a later content is known. */
  observeListing(
    listed: ReadonlyMap<string, KeyValue>,
    revision: bigint,
    isOtherStore: boolean,
  ): void {
    for (const key of new Set([...listed.keys(), ...this.#stored.keys()])) {
      if (!isOtherStore && this.#getRevision(key) > revision) continue;
      const kv = listed.get(key);
      if (kv === undefined) this.#stored.delete(key);
      else this.#stored.set(key, { content: toContent(kv), revision: kv.modRevision });
    }
  }

  /**
   * Records that a write is done. If it repaired what another process changed, returns
   * whether that happened too often.
   */
  recordRepair(key: string, nowMs: number): boolean {
    if (!this.#damaged.delete(key)) return false;
    const recent = this.#getRepairs(key).filter((at) => nowMs - at < CONFLICT_MS);
    this.#repairs.set(key, [...recent, nowMs]);
    return this.isContested(key, nowMs);
  }

  /** Returns whether another process keeps changing a key, so that it is left alone. */
  isContested(key: string, nowMs: number): boolean {
    const repairs = this.#getRepairs(key);
    const last = repairs.at(-1) ?? -Infinity;
    return repairs.length >= CONFLICT_REPAIRS && nowMs - last < CONFLICT_MS;
  }

  /** Returns the time at which the first conflict ends; `Infinity` without conflicts. */
  findConflictEnd(nowMs: number): number {
    const ends = [...this.#repairs]
      .filter(([key]) => this.isContested(key, nowMs))
      .map(([, repairs]) => (repairs.at(-1) ?? nowMs) + CONFLICT_MS);
    return Math.min(...ends);
  }

  #getRevision(key: string): bigint {
    return this.#stored.get(key)?.revision ?? 0n;
  }

  #getRepairs(key: string): readonly number[] {
    return this.#repairs.get(key) ?? [];
  }
}

function toContent({ value, lease }: KeyValue): StoredContent {
  return { kind: "present", value: decodeText(value), lease };
}
