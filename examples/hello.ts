// Parts that exporter and consumer share: the command line and the terminal.

// deno-lint-ignore-file no-console
import process from "node:process";
import { parseArgs } from "node:util";
import type { RemoteServices } from "../mod.ts";
import { Shell, Terminal } from "../src/shell/mod.ts";

const OPTIONS = {
  etcd: { type: "string", default: "localhost:2379" },
  "http-port": { type: "string", default: "8181" },
  "top-key": { type: "string" },
  "lease-ttl": { type: "string", default: "30" },
  shell: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Reads the command line. Prints the help and exits if asked to. */
export function readOptions(help: string) {
  const { values } = parse(help);
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const topKey = values["top-key"];
  return {
    hasShell: values.shell,
    httpPort: parseNumber("--http-port", values["http-port"]),
    etcd: {
      endpoints: values.etcd.split(","),
      leaseTtlSeconds: parseNumber("--lease-ttl", values["lease-ttl"]),
      onConnected: () => print("Etcd3 connected!"),
      ...(topKey === undefined ? {} : { topKey }),
    },
  };
}

function parse(help: string) {
  try {
    return parseArgs({ options: OPTIONS });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function parseNumber(flag: string, text: string): number {
  return /^\d+$/.test(text)
    ? Number(text)
    : fail(`Cannot use ${flag} ${text}: give a whole number`);
}

/** Prints a message without a stack trace and exits with code 1. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const terminal = new Terminal();

/** Prints a line; with a shell, above the line that is being typed. */
export const print = terminal.log;

/** Waits until Ctrl-C or SIGTERM; with a shell, until the shell ends. Then closes the host. */
export async function serve(host: RemoteServices, hasShell: boolean, signal: AbortSignal) {
  if (hasShell) await terminal.run(new Shell(host), { signal });
  else await host.untilInterrupted();
}

/** Returns a signal that is aborted by SIGINT or SIGTERM. */
export function createInterruptSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => stop.abort());
  return stop.signal;
}

/** Resolves once a signal is aborted. */
export function waitForAbort(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve());
  return promise;
}
