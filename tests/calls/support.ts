import {
  createRemoteProxy,
  type RemoteAttemptOptions,
  RemoteCallError,
  type RemoteCallErrorCode,
} from "../../src/distribution/mod.ts";
import { CallRouter, type ChoiceOptions } from "../../src/calls/mod.ts";
import { Framework, type ServiceRegistration } from "../../src/framework/mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

/** Methods of the proxies in these tests. */
export interface Goer {
  go(...parameters: unknown[]): Promise<unknown>;
}

/** An imported endpoint whose answers a test determines. */
export class FakeEndpoint {
  readonly id: string;
  readonly calls: { parameters: readonly unknown[]; options: RemoteAttemptOptions }[] = [];
  /** Answers a call. @default the endpoint's id */
  answer: () => unknown;
  registration: ServiceRegistration | undefined;

  constructor(id: string) {
    this.id = id;
    this.answer = () => id;
  }

  /** Makes every call fail with a code. */
  fail(code: RemoteCallErrorCode): void {
    this.answer = () => {
      throw new RemoteCallError(code, `${code} at ${this.id}`);
    };
  }
}

/** A registry with fake imported endpoints, a router and a clock that the test drives. */
export class FakeRegistry {
  readonly clock: VirtualClock;
  readonly framework = new Framework();
  readonly router: CallRouter;

  constructor(options: { zone?: string; seed?: number } = {}) {
    this.clock = new VirtualClock(options.seed);
    const { registry } = this.framework;
    this.router = new CallRouter({
      registry,
      zone: options.zone,
      timeoutMs: 30_000,
      clock: this.clock,
    });
  }

  /** Imports an endpoint of the interface `I`. */
  add(id: string, properties: Record<string, unknown> = {}): FakeEndpoint {
    const endpoint = new FakeEndpoint(id);
    const proxy = createRemoteProxy({
      label: id,
      call: async (_method, parameters, options) => {
        endpoint.calls.push({ parameters, options });
        return await endpoint.answer();
      },
    });
    endpoint.registration = this.framework.registry.register("I", proxy, {
      "service.imported": true,
      "endpoint.id": id,
      "ecf.endpoint.ts": 1,
      ...properties,
    });
    return endpoint;
  }

  /** Resolves after a time on the clock of the test. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.startTimer(ms, resolve));
  }

  /** Creates a proxy that chooses among the endpoints. */
  proxy(options: ChoiceOptions = {}): Goer {
    return this.router.createProxy("I", () => true, options) as Goer;
  }
}
