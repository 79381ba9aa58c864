import { checkOptionNames } from "../../util/mod.ts";
import {
  type Authorize,
  type CallCheck,
  createCallCheck,
  type DistributionContext,
  type DistributionFactory,
  type DistributionProvider,
} from "../mod.ts";
import { InProcessExporter } from "./in_process_exporter.ts";
import { InProcessHub } from "./in_process_hub.ts";
import { InProcessImporter } from "./in_process_importer.ts";

/** Settings of {@link inProcess}. */
export interface InProcessOptions {
  /**
   * Decides whether a call of a service of this host is allowed; its `principal` is always
   * `undefined`. @default every call
   */
  readonly authorize?: Authorize;
}

/**
 * Creates a distribution without a network, for tests of programs: hosts of this process that
 * are given the same `inProcess()`, or the same hub, call each other directly. Arguments and
 * results are copied as by `structuredClone`, which carries more types than a protocol.
 *
 * @throws {TypeError} if the hub is not an {@link InProcessHub}, or on an unknown option
 * @example
 * ```ts
 * import { inProcess, memory, remoteServices } from "@remote-services/etcd3";
 *
 * const providers = { discovery: [memory()], distribution: [inProcess()], drainMs: 0 };
 * await using server = await remoteServices(providers);
 * await using client = await remoteServices(providers);
 * await server.register("com.example.Clock", { getZone: () => "UTC" });
 * const clock = await client.service<{ getZone(): string }>("com.example.Clock");
 * console.log(await clock.getZone()); // UTC
 * ```
 */
export function inProcess(
  hub: InProcessHub = new InProcessHub(),
  options: InProcessOptions = {},
): DistributionFactory {
  if (!(hub instanceof InProcessHub)) {
    throw new TypeError("Cannot use the hub of inProcess(): give new InProcessHub()");
  }
  checkOptionNames(options, { path: "", known: ["authorize"] });
  return (context) =>
    new InProcessDistribution(hub, context, createCallCheck(options.authorize, context.logger));
}

/** The in-process distribution of one host. */
class InProcessDistribution implements DistributionProvider {
  readonly name = "in-process";
  readonly exports: InProcessExporter;
  readonly imports: InProcessImporter;
  readonly advertisedHost = undefined;

  constructor(
    hub: InProcessHub,
    { clock, timeoutMs, logger }: DistributionContext,
    check: CallCheck | undefined,
  ) {
    this.exports = new InProcessExporter({ hub, check, logger, clock });
    this.imports = new InProcessImporter({ hub, clock, timeoutMs });
  }

  async start(): Promise<void> {}

  startDraining(): void {}

  /** Removes every endpoint; running calls go on, as nothing here could cut them off. */
  close(): Promise<number> {
    this.exports.close();
    return Promise.resolve(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
