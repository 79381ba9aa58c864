import type { Caller, CallOptions } from "./caller.ts";
import { type ReplyHeader, toHeader } from "./wire.ts";

/** How a member describes itself. */
export interface MemberStatus {
  /** What the reply says about the store. */
  readonly header: ReplyHeader;
  /** The member's version, such as `3.5.21`. */
  readonly version: string;
  /** Size of its database in bytes. */
  readonly dbSizeBytes: bigint;
  /** Id of the member that it takes for the leader, 0 for none. */
  readonly leader: bigint;
  /** Whether it is a learner. */
  readonly isLearner: boolean;
  /** Alarms and corruption that it reports, in its own words. */
  readonly errors: readonly string[];
}

/** A member of the cluster. */
export interface Member {
  /** Its id. */
  readonly id: bigint;
  /** Its name; empty while it has not started. */
  readonly name: string;
  /** The URLs that it advertises to clients. */
  readonly clientUrls: readonly string[];
  /** Whether it is a learner. */
  readonly isLearner: boolean;
}

/** An alarm of a member. */
export interface Alarm {
  /** The member that raised it. */
  readonly memberId: bigint;
  /** `NOSPACE` stops all writes, `CORRUPT` means that members disagree. */
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
