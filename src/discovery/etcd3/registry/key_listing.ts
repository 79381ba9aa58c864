import { EtcdError, type EtcdLink, type KeyValue, type ReplyHeader } from "../../../etcd/mod.ts";
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

/** Settings of {@link listKeys}. */
export interface ListOptions {
  /** Called after each page, with the number of keys so far and that of all. */
  readonly onPage?: (listed: number, total: number) => void;
  /** Ends the listing; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal;
}

/**
 * Lists all keys under the top key at one revision, in pages.
 *
 * @throws {EtcdError} `compacted` if the store is compacted faster than it can be listed, or
 * what the connection failed with
 */
export async function listKeys(
  link: Pick<EtcdLink, "kv">,
  keys: KeySpace,
  options: ListOptions = {},
): Promise<Listing> {
  let limit = PAGE_SIZE;
  let compactions = 0;
  while (true) {
    try {
      return await listPages(link, keys, { ...options, limit });
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      if (error.code === "too-large" && limit > 1) limit = Math.ceil(limit / 2);
      else if (error.code !== "compacted" || ++compactions >= LIST_ATTEMPTS) throw error;
    }
  }
}

async function listPages(
  link: Pick<EtcdLink, "kv">,
  { prefix, prefixEnd: rangeEnd }: KeySpace,
  { limit, onPage, signal }: ListOptions & { readonly limit: number },
): Promise<Listing> {
  const common = { rangeEnd, limit, ...(signal === undefined ? {} : { signal }) };
  const first = await link.kv.range(prefix, common);
  const kvs = [...first.kvs];
  onPage?.(kvs.length, Number(first.count));
  const { revision } = first.header;
  for (let page = first; page.more;) {
    const last = kvs.at(-1);
    if (last === undefined) break;
    const next = Uint8Array.of(...last.key, 0);
    page = await link.kv.range(next, { ...common, revision });
    kvs.push(...page.kvs);
    onPage?.(kvs.length, Number(first.count));
  }
  return { header: first.header, kvs };
}
