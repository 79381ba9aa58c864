import { Buffer } from "node:buffer";
import type { KeyValue, WatchEvent } from "../../etcd/mod.ts";

/** What etcd has under a key of ours, as far as we know. */
interface Stored {
  /** The value, `undefined` for no key, `"unknown"` when a write had no clear answer. */
  readonly content: { readonly value: string; readonly lease: bigint } | undefined | "unknown";
  /** The revision that this is known from. */
  readonly revision: bigint;
}

/** Changes of one key by others within `CONFLICT_MS` after which we stop repairing it. */
const CONFLICT_REPAIRS = 5;
const CONFLICT_MS = 60_000;

/**
 * The keys of our session: what we want, what etcd has, and so what is to be written.
 * Pure bookkeeping; the session does the writing.
 */
export class OwnKeys {
  readonly #wanted = new Map<string, string>();
  readonly #stored = new Map<string, Stored>();
  readonly #touched = new Set<string>();
  readonly #repairs = new Map<string, number[]>();
  readonly #refused = new Set<string>();

  /** Wants a value under a key, or no key. */
  want(key: string, value: string | undefined): void {
    if (value === undefined) this.#wanted.delete(key);
    else this.#wanted.set(key, value);
    this.#repairs.delete(key);
    this.#refused.delete(key);
  }

  /** The keys that are wanted. */
  get wantedKeys(): string[] {
    return [...this.#wanted.keys()];
  }

  /** The value that is wanted under a key. */
  wanted(key: string): string | undefined {
    return this.#wanted.get(key);
  }

  /** Whether etcd has under the key what is wanted, hanging on the lease. */
  isRight(key: string, lease: bigint): boolean {
    const content = this.#stored.get(key)?.content;
    const value = this.#wanted.get(key);
    if (content === "unknown") return false;
    if (value === undefined || content === undefined) {
      return value === undefined && content === undefined;
    }
    return content.value === value && content.lease === lease;
  }

  /** The keys to write, without those that others keep changing and that etcd refuses. */
  toWrite(lease: bigint, now: number): string[] {
    const keys = new Set([...this.#wanted.keys(), ...this.#stored.keys()]);
    return [...keys].filter((key) =>
      !this.isRight(key, lease) && !this.isContested(key, now) && !this.#refused.has(key)
    );
  }

  /** etcd will never take what is wanted under a key: it is left out until that changes. */
  refused(key: string): void {
    this.#refused.add(key);
  }

  /** An answer of etcd: the key was written at this revision. */
  written(key: string, value: string | undefined, lease: bigint, revision: bigint): void {
    const content = value === undefined ? undefined : { value, lease };
    if (revision >= (this.#stored.get(key)?.revision ?? 0n)) {
      this.#stored.set(key, { content, revision });
    }
  }

  /** A write is on its way: until it is answered it may have happened, or may yet happen. */
  writing(key: string): void {
    const revision = this.#stored.get(key)?.revision ?? 0n;
    this.#stored.set(key, { content: "unknown", revision });
  }

  /** The lease is lost: what was known of its keys is void. */
  forget(): void {
    for (const key of this.#stored.keys()) {
      this.#stored.set(key, { content: "unknown", revision: 0n });
    }
    this.#touched.clear();
  }

  /** Takes over a change that was seen; whether it makes a write necessary. */
  observe(key: string, event: WatchEvent, lease: bigint): boolean {
    const { modRevision: revision } = event.kv;
    if (revision <= (this.#stored.get(key)?.revision ?? 0n)) return false;
    this.#stored.set(key, {
      content: event.type === "put" ? contentOf(event.kv) : undefined,
      revision,
    });
    if (this.isRight(key, lease)) return false;
    this.#touched.add(key);
    return true;
  }

  /** Takes over a listing of all our keys, except where something later is known. */
  observeListing(
    listed: ReadonlyMap<string, KeyValue>,
    revision: bigint,
    isOtherStore: boolean,
  ): void {
    for (const key of new Set([...listed.keys(), ...this.#stored.keys()])) {
      const known = this.#stored.get(key);
      if (!isOtherStore && known !== undefined && known.revision > revision) continue;
      const kv = listed.get(key);
      if (kv === undefined) this.#stored.delete(key);
      else this.#stored.set(key, { content: contentOf(kv), revision: kv.modRevision });
    }
  }

  /**
   * A key was repaired under a lease that lives, so that somebody else had changed it.
   * Whether that is once too often.
   */
  repaired(key: string, now: number): boolean {
    if (!this.#touched.delete(key)) return false;
    const repairs = [...this.#repairs.get(key) ?? [], now].filter((at) => now - at < CONFLICT_MS);
    this.#repairs.set(key, repairs);
    return this.isContested(key, now);
  }

  /** Whether others keep changing a key, so that it is left alone for a while. */
  isContested(key: string, now: number): boolean {
    const repairs = this.#repairs.get(key) ?? [];
    const last = repairs.at(-1) ?? -Infinity;
    return repairs.length >= CONFLICT_REPAIRS && now - last < CONFLICT_MS;
  }

  /** Until when the contested keys are left alone; undefined when there are none. */
  contestedUntil(now: number): number | undefined {
    const ends = [...this.#repairs.entries()]
      .filter(([key]) => this.isContested(key, now))
      .map(([, repairs]) => (repairs.at(-1) ?? now) + CONFLICT_MS);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }
}

function contentOf(kv: KeyValue): { value: string; lease: bigint } {
  return { value: Buffer.from(kv.value).toString(), lease: kv.lease };
}
