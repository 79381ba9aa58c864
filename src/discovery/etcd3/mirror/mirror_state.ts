import type { WatchEvent } from "../../../etcd/mod.ts";

/** Change that a mirror applied. */
export type AppliedChange = Pick<WatchEvent, "type" | "kv">;

/** Place in the history of a store from which a watch goes on. */
export interface Position {
  /** Revision after the last one that was applied. */
  readonly nextRevision: bigint;
  /** Cluster that the revision belongs to. */
  readonly clusterId: bigint;
  /** Last changes before the position, by which the store is recognized. */
  readonly lastChanges: readonly AppliedChange[];
}

/** State of a {@link Mirror}. */
export type MirrorState =
  /** The view is to be listed. */
  | {
    readonly kind: "listing";
    /** Position of the view; `undefined` before the first listing. */
    readonly position: Position | undefined;
    /** Whether what is missing stays known for the grace time: its exporters may come back. */
    readonly hasGrace: boolean;
  }
  /** The view follows the watch; from `resyncAtMs` on it is listed again. */
  | { readonly kind: "watching"; readonly position: Position; readonly resyncAtMs: number }
  /** The connection is lost; the view stays as it is and the watch goes on from the position. */
  | { readonly kind: "interrupted"; readonly position: Position; readonly resyncAtMs: number };
