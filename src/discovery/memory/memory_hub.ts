import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { StoredEndpoint } from "../endpoint_view.ts";

/** An endpoint in the hub. */
export type HubEntry = StoredEndpoint<EndpointDescription> & {
  /** Member that advertises the endpoint. */
  readonly memberId: string;
};

/** A discovery that shares a hub with others. */
export interface HubMember {
  readonly memberId: string;
  /** Endpoints that the member wants to advertise. */
  readonly desired: ReadonlyMap<string, EndpointDescription>;
  /** Applies a put of another member. */
  onPut(entry: HubEntry): void;
  /** Applies a delete of another member. */
  onDelete(entry: HubEntry): void;
  /** Called when the hub stops. */
  onStop(): void;
  /** Called when the hub starts again, with the entries of the other members. */
  onStart(others: ReadonlyMap<string, HubEntry>): void;
}

/**
 * Directory in the memory of this process, which the discoveries of {@link memory} share.
 * It can be stopped and started like a directory server, to test what a program does
 * meanwhile.
 */
export interface MemoryHub {
  /** Whether the hub runs. */
  readonly isRunning: boolean;
  /**
   * Simulates an outage: hosts keep what they know, and what they advertise or withdraw
   * waits for {@link start}.
   */
  stop(): void;
  /** Ends the outage: every host writes what changed and receives what changed. */
  start(): void;
}

/** The implementation of {@link MemoryHub}, with the methods that only discoveries call. */
export class MemoryDirectory implements MemoryHub {
  readonly #members = new Set<HubMember>();
  readonly #entries = new Map<string, HubEntry>();
  #isRunning = true;

  get isRunning(): boolean {
    return this.#isRunning;
  }

  stop(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    for (const member of this.#members) member.onStop();
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#entries.clear();
    for (const member of this.#members) {
      for (const endpoint of member.desired.values()) {
        const entry = toEntry(member.memberId, endpoint);
        this.#entries.set(entry.key, entry);
      }
    }
    for (const member of this.#members) member.onStart(this.#listOthers(member));
  }

  /** Adds a member, writes what it advertises, and returns the entries of the others. */
  join(member: HubMember): ReadonlyMap<string, HubEntry> {
    this.#members.add(member);
    for (const endpoint of member.desired.values()) this.put(member, endpoint);
    return this.#listOthers(member);
  }

  /** Removes a member with its entries; while the hub is stopped, others see that later. */
  leave(member: HubMember): void {
    this.#members.delete(member);
    if (!this.#isRunning) return;
    for (const { memberId, endpointId } of [...this.#entries.values()]) {
      if (memberId === member.memberId) this.delete(member, endpointId);
    }
  }

  /** Writes an entry of a running hub and notifies the other members. */
  put(member: HubMember, endpoint: EndpointDescription): void {
    const entry = toEntry(member.memberId, endpoint);
    this.#entries.set(entry.key, entry);
    for (const other of this.#members) if (other !== member) other.onPut(entry);
  }

  /** Deletes an entry of a running hub and notifies the other members. */
  delete(member: HubMember, endpointId: string): void {
    const entry = this.#entries.get(toKey(member.memberId, endpointId));
    if (entry === undefined) return;
    this.#entries.delete(entry.key);
    for (const other of this.#members) if (other !== member) other.onDelete(entry);
  }

  #listOthers(member: HubMember): ReadonlyMap<string, HubEntry> {
    const isOther = ([, { memberId }]: [string, HubEntry]) => memberId !== member.memberId;
    return new Map([...this.#entries].filter(isOther));
  }
}

/**
 * Creates a hub that runs.
 *
 * @example
 * ```ts
 * import { createMemoryHub, memory, remoteServices } from "@remote-services/etcd3";
 *
 * const hub = createMemoryHub();
 * await using host = await remoteServices({ discovery: [memory({ hub })] });
 * hub.stop(); // as if the directory server were down
 * console.log(host.health.state); // stale
 * hub.start();
 * console.log(host.health.state); // synced
 * ```
 */
export function createMemoryHub(): MemoryHub {
  return new MemoryDirectory();
}

function toEntry(memberId: string, endpoint: EndpointDescription): HubEntry {
  const endpointId = endpoint.id;
  return { key: toKey(memberId, endpointId), memberId, endpointId, content: endpoint };
}

function toKey(memberId: string, endpointId: string): string {
  return `${memberId}/${endpointId}`;
}
