import type { ReplyHeader } from "../../etcd/mod.ts";

/** Place in the history of a store from which a watch goes on. */
export interface Position {
  /** Revision after the last one that was applied. */
  readonly nextRevision: bigint;
  /** Cluster that the revision belongs to. */
  readonly clusterId: bigint;
}

/** State of a {@link Mirror}. */
export type MirrorState =
  /** The view is to be listed. */
  | {
    readonly kind: "listing";
    readonly isFirst: boolean;
    /** Whether what is missing stays known for the grace time: its exporters may come back. */
    readonly hasGrace: boolean;
    /** Position that the store did not seem to have; the listing decides. */
    readonly doubted: Position | undefined;
  }
  /** The view follows the watch; from `resyncAtMs` on it is listed again. */
  | { readonly kind: "watching"; readonly position: Position; readonly resyncAtMs: number }
  /** The connection is lost; the view stays as it is and the watch goes on from the position. */
  | { readonly kind: "interrupted"; readonly position: Position; readonly resyncAtMs: number };

/**
 * Returns whether a store is not the one, or not in the state, that a position belongs to. A
 * watch from a revision that the store has not reached is accepted and silent.
 */
export function isOtherStore(header: ReplyHeader, { nextRevision, clusterId }: Position): boolean {
  return header.revision < nextRevision - 1n || header.clusterId !== clusterId;
}
