import { checkOptionNames } from "../../util/mod.ts";
import type { DiscoveryFactory } from "../mod.ts";
import { MemoryDiscovery } from "./memory_discovery.ts";
import { createMemoryHub, MemoryDirectory, type MemoryHub } from "./memory_hub.ts";

/** Settings of {@link memory}. */
export interface MemoryOptions {
  /** Directory to share with other hosts. @default one of its own */
  readonly hub?: MemoryHub;
  /**
   * Time in milliseconds for which an endpoint whose host closed during an outage of the
   * hub is still known after the outage.
   * @default 0
   */
  readonly removalGraceMs?: number;
}

/**
 * Creates a discovery without a directory server, for tests: hosts of this process that
 * are given the same `memory()`, or the same hub, discover each other. It behaves like
 * {@link etcd3}: own endpoints are not reported, events come one at a time and in order,
 * and an outage of the hub removes nothing.
 *
 * @priority 50
 * @throws {TypeError | RangeError} on invalid options
 * @example
 * ```ts
 * import { memory, remoteServices } from "@remote-services/etcd3";
 *
 * const discovery = [memory()];
 * await using server = await remoteServices({ discovery });
 * await using client = await remoteServices({ discovery });
 * await server.register("com.example.Greeter", { greet: (name: string) => `Hello ${name}` });
 * const greeter = await client.service<{ greet(name: string): string }>("com.example.Greeter");
 * console.log(await greeter.greet("you")); // Hello you
 * ```
 */
export function memory(options: MemoryOptions = {}): DiscoveryFactory {
  checkOptionNames(options, { path: "memory", known: ["hub", "removalGraceMs"] });
  const { hub = createMemoryHub(), removalGraceMs = 0 } = options;
  if (!(hub instanceof MemoryDirectory)) {
    throw new TypeError("Cannot use memory.hub: it is not a hub; give createMemoryHub()");
  }
  if (!(removalGraceMs >= 0)) {
    throw new RangeError(
      `Cannot use memory.removalGraceMs ${removalGraceMs}: give milliseconds from 0`,
    );
  }
  return ({ logger, clock }) => new MemoryDiscovery({ hub, removalGraceMs, logger, clock });
}
