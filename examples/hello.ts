// What exporter and consumer share: the interface of the tutorial and the command line.

// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import type { RemoteServices } from "../mod.ts";
import { Shell, Terminal } from "../src/shell/mod.ts";

/** The name under which ECF's, iPOPO's and our examples know the service. */
export const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

/** `org.eclipse.ecf.examples.hello.IHello` */
export interface IHello {
  sayHello(from: string, message: string): string;
  sayHelloAsync(from: string, message: string): Promise<string>;
  sayHelloPromise(from: string, message: string): Promise<string>;
}

const OPTIONS = {
  etcd: { type: "string", default: "localhost:2379" },
  "http-port": { type: "string", default: "8181" },
  "top-key": { type: "string" },
  "lease-ttl": { type: "string", default: "30" },
  shell: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Reads the command line, or shows the help and exits. */
export function readOptions(help: string) {
  const { values } = parse(help);
  if (values.help) {
    console.log(help);
    Deno.exit(0);
  }
  const topKey = values["top-key"];
  return {
    hasShell: values.shell,
    httpPort: wholeNumber("--http-port", values["http-port"]),
    etcd: {
      endpoints: values.etcd.split(","),
      leaseTtlSeconds: wholeNumber("--lease-ttl", values["lease-ttl"]),
      onConnected: () => print("Etcd3 connected!"),
      ...(topKey === undefined ? {} : { topKey }),
    },
  };
}

function parse(help: string) {
  try {
    return parseArgs({ args: Deno.args, options: OPTIONS });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function wholeNumber(flag: string, text: string): number {
  return /^\d+$/.test(text) ? Number(text) : fail(`${flag} ${text} is no whole number`);
}

/** Ends the program with a message instead of a stack trace. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

const terminal = new Terminal();

/** Prints a line, above what is being typed where there is a shell. */
export const print = terminal.log;

/** Lets a host work until Ctrl-C, or until its shell is quit where there is one. */
export async function serve(host: RemoteServices, hasShell: boolean, signal: AbortSignal) {
  if (hasShell) await terminal.run(new Shell(host), { signal });
  else await aborted(signal);
}

/** Aborted at Ctrl-C, or when the program is asked to end. */
export function interruption(): AbortSignal {
  const stop = new AbortController();
  const names: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const name of names) Deno.addSignalListener(name, () => stop.abort());
  return stop.signal;
}

/** Resolves when a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve());
  return promise;
}
