import { EtcdError, type EtcdLink, type KeyValue, type ReplyHeader } from "../../etcd/mod.ts";
import type { KeySpace } from "./key_space.ts";

/** Keys of the first page; halved when a reply is too large. */
const PAGE_SIZE = 500;
/** Number of attempts when the revision of a listing is compacted meanwhile. */
const LIST_ATTEMPTS = 3;

/** All keys of a range at one revision. */
export interface Listing {
  /** State of the store at the revision of the listing. */
  readonly header: ReplyHeader;
  /** The keys, in byte order. */
  readonly kvs: readonly KeyValue[];
}

/**
 * Lists all keys under the top key at one revision, in pages.
 *
 * @throws {EtcdError} `compacted` if the store is compacted faster than it can be listed, or
 * what the connection failed with
 */
export async function listKeys(link: EtcdLink, keys: KeySpace): Promise<Listing> {
  let pageSize = PAGE_SIZE;
  for (let attempt = 1;; attempt++) {
    try {
      return await listPages(link, keys, pageSize);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      if (error.code === "too-large" && pageSize > 1) pageSize = Math.ceil(pageSize / 2);
      else if (error.code !== "compacted" || attempt >= LIST_ATTEMPTS) throw error;
    }
  }
}

async function listPages(
  link: EtcdLink,
  { prefix, prefixEnd: rangeEnd }: KeySpace,
  limit: number,
): Promise<Listing> {
  const first = await link.kv.range(prefix, { rangeEnd, limit });
  const kvs = [...first.kvs];
  const { revision } = first.header;
  for (let page = first; page.more;) {
    const last = kvs.at(-1);
    if (last === undefined) break;
    const next = Uint8Array.of(...last.key, 0);
    page = await link.kv.range(next, { rangeEnd, limit, revision });
    kvs.push(...page.kvs);
  }
  return { header: first.header, kvs };
}
