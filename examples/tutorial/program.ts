// Parts that both programs of the tutorial share: the command line and the life of the
// framework.

import process from "node:process";
import { parseArgs } from "node:util";
import { type BundleDefinition, Framework } from "../../mod.ts";
import { createShellConsole } from "./bundles/shell.ts";
import { createLogger, terminal } from "./console.ts";
import { ETCD3_FACTORY } from "./names.ts";

/** Options of the command line. */
export interface Options {
  /** Host name of etcd. */
  readonly etcdHostname: string;
  /** Port of etcd. */
  readonly etcdPort: number;
  /** Port of the HTTP service. */
  readonly httpPort: number;
}

/** Parses the command line. */
export function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      "etcd-hostname": { type: "string", default: "localhost" },
      "etcd-port": { type: "string", default: "2379" },
      "http-port": { type: "string", default: "8181" },
    },
  });
  return {
    etcdHostname: values["etcd-hostname"],
    etcdPort: Number(values["etcd-port"]),
    httpPort: Number(values["http-port"]),
  };
}

/** Creates the etcd3 discovery of a framework. */
export function instantiateEtcd3Discovery(
  framework: Framework,
  properties: Readonly<Record<string, unknown>>,
): void {
  framework.components.instantiate(ETCD3_FACTORY, "etcd3-endpoint-discovery", properties);
}

/** Settings of {@link runFramework}. */
export interface FrameworkRun {
  /** Whether the bundles print what they do. @default false */
  readonly isVerbose?: boolean;
  /** Called when every bundle is started. */
  readonly onStarted: (framework: Framework) => void | Promise<void>;
}

/**
 * Starts a framework with bundles and a console. Stops it when the shell ends or the process
 * is asked to end.
 */
export async function runFramework(
  bundles: readonly BundleDefinition[],
  options: FrameworkRun,
): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  using _interrupt = terminal.onInterrupt(() => stopped.resolve());
  const framework = new Framework({ logger: createLogger(options.isVerbose ?? false) });
  const shellConsole = createShellConsole(() => stopped.resolve());
  for (const bundle of [...bundles, shellConsole]) framework.installBundle(bundle);
  try {
    await framework.start();
    await options.onStarted(framework);
    await stopped.promise;
  } finally {
    await framework.stop();
  }
  process.exit(0);
}
