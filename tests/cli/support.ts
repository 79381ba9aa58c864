import { fileURLToPath } from "node:url";
import {
  EndpointDescription,
  type EndpointDescriptionInit,
  Etcd3Discovery,
  type RemoteServices,
  remoteServices,
} from "../../mod.ts";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { runProgram } from "../../src/cli/program.ts";

/** Entry point of the program. */
export const CLI = fileURLToPath(new URL("../../src/cli/mod.ts", import.meta.url));

/** Permissions that the documentation of the program states. */
export const PERMISSIONS = ["--allow-net", "--allow-env", "--allow-read"];

/** Result of a run of the program. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Settings of a run. */
export interface CliRun {
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether both streams are a terminal, for {@link runCli}. @default false */
  readonly isTerminal?: boolean;
  /** Called after each text on the standard output, for {@link runCli}. */
  readonly onOutput?: (text: string) => void;
  /** Called after each text on the standard error, for {@link runCli}. */
  readonly onNote?: (text: string) => void;
  /** Interrupts the program, for {@link runCli}. */
  readonly signal?: AbortSignal;
}

/** Runs the program in this process. */
export async function runCli(args: readonly string[], run: CliRun = {}): Promise<CliResult> {
  const { env = {}, isTerminal = false, signal = new AbortController().signal } = run;
  const texts = { out: "", err: "" };
  const createStream = (name: "out" | "err") => ({
    isTerminal,
    columns: isTerminal ? 80 : undefined,
    write: (text: string) => {
      texts[name] += text;
      if (name === "out") run.onOutput?.(text);
      else run.onNote?.(text);
    },
  });
  const code = await runProgram(args, {
    stdout: createStream("out"),
    stderr: createStream("err"),
    signal,
    getEnv: (name) => env[name] || undefined,
    readFile: (path) => Deno.readFile(path),
  }, COMMANDS);
  return { code, ...texts };
}

/** Runs the program as a process, with just the permissions that its documentation states. */
export async function spawnCli(args: readonly string[], { env = {} }: CliRun = {}) {
  const { code, stdout, stderr } = await createCommand(args, env).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Creates a command that runs the program as a process. */
export function createCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...PERMISSIONS, CLI, ...args],
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/**
 * Makes a folder for `PATH` in which `remote-services` is the program; it is deleted at the end.
 *
 * @param commands names by comma, if the others are only to show their arguments
 */
export async function makeProgramFolder(
  commands?: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "etcd3-cli-" });
  const command = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...PERMISSIONS, CLI];
  await Deno.writeTextFile(
    `${path}/remote-services`,
    `#!/bin/sh
case "${commands === undefined ? "*" : `,${commands},`}" in
  "*"|*",$1,"*) exec ${command.map((word) => `'${word}'`).join(" ")} "$@" ;;
esac
printf RAN
printf '[%s]' "$@"
echo
`,
    { mode: 0o755 },
  );
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Starts a host that exports `my.Adder`, once etcd has its endpoint. */
export async function exportAdder(endpoint: string): Promise<RemoteServices> {
  const host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: endpoint },
    http: { port: 0 },
  });
  const service = { add: (a: number, b: number) => a + b, subtract: () => 0 };
  await (await host.register("my.Adder", service)).advertised();
  return host;
}

/** Advertises endpoints without a server, until it is closed. */
export async function advertise(
  endpoint: string,
  ...inits: readonly Partial<EndpointDescriptionInit>[]
): Promise<Etcd3Discovery> {
  const discovery = new Etcd3Discovery({ endpoints: endpoint });
  await discovery.start();
  await Promise.all(inits.map((init) =>
    discovery.advertise(
      new EndpointDescription({
        id: crypto.randomUUID(),
        interfaces: ["my.Any"],
        serviceId: 1,
        frameworkUuid: crypto.randomUUID(),
        configurationTypes: ["ecf.xmlrpc.server"],
        containerId: "http://127.0.0.1:9/xml-rpc",
        containerNamespace: "ecf.namespace.xmlrpc",
        remoteServiceId: 1,
        timestampMs: Date.now(),
        ...init,
      }),
    )
  ));
  return discovery;
}
