import type { Caller, CallOptions } from "./caller.ts";
import { type ReplyHeader, toHeader } from "./wire.ts";

/** Result of {@link Maintenance.status}. */
export interface MemberStatus {
  /** State of the store. */
  readonly header: ReplyHeader;
  /** Version of the member, such as `3.5.21`. */
  readonly version: string;
  /** Size of its database in bytes. */
  readonly dbSizeBytes: bigint;
  /** Id of the leader; 0 if the member knows none. */
  readonly leader: bigint;
  /** Whether the member is a learner. */
  readonly isLearner: boolean;
  /** Alarms and corruption, as the member words them. */
  readonly errors: readonly string[];
}

/** Member of a cluster. */
export interface Member {
  /** Id of the member. */
  readonly id: bigint;
  /** Name of the member; empty before its first start. */
  readonly name: string;
  /** URLs that the member advertises to clients. */
  readonly clientUrls: readonly string[];
  /** Whether the member is a learner. */
  readonly isLearner: boolean;
}

/** Alarm of a member. */
export interface Alarm {
  /** Id of the member. */
  readonly memberId: bigint;
  /** Kind of alarm: `NOSPACE` stops all writes, `CORRUPT` means that members differ. */
  readonly alarm: "NONE" | "NOSPACE" | "CORRUPT";
}

/**
 * The Cluster and Maintenance services, as far as a client of the discovery needs them. Every
 * method rejects with an {@link EtcdError}, or with the reason of its aborted signal.
 */
export interface Maintenance {
  /** Reads the status of the connected member. */
  status(options?: CallOptions): Promise<MemberStatus>;
  /** Lists the members of the cluster. */
  members(options?: CallOptions): Promise<readonly Member[]>;
  /** Lists the alarms that are raised. */
  alarms(options?: CallOptions): Promise<readonly Alarm[]>;
}

/** The Cluster and Maintenance services over RPCs. */
export class RpcMaintenance implements Maintenance {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async status(options: CallOptions = {}): Promise<MemberStatus> {
    const reply = await this.#caller.unary("status", {}, options);
    return {
      header: toHeader(reply.header),
      version: reply.version,
      dbSizeBytes: BigInt(reply.dbSize),
      leader: BigInt(reply.leader),
      isLearner: reply.isLearner,
      errors: reply.errors,
    };
  }

  async members(options: CallOptions = {}): Promise<readonly Member[]> {
    const reply = await this.#caller.unary("memberList", {}, options);
    return reply.members.map((member) => ({
      id: BigInt(member.ID),
      name: member.name,
      clientUrls: member.clientURLs,
      isLearner: member.isLearner,
    }));
  }

  async alarms(options: CallOptions = {}): Promise<readonly Alarm[]> {
    const reply = await this.#caller.unary("alarm", { action: "GET" }, options);
    return reply.alarms.map(({ memberID, alarm }) => ({ memberId: BigInt(memberID), alarm }));
  }
}
