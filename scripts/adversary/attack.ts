import { fileURLToPath } from "node:url";
import { LineProcess } from "../line_process.ts";

/** One attack: what is tried, what must hold, and the function that tries it. */
export interface Attack {
  /** Name, as in the table. */
  readonly name: string;
  /** Claim that must hold. */
  readonly bar: string;
  /** Attacks, and returns what was measured; throws if the attack could not be made. */
  readonly run: () => Promise<AttackResult>;
}

/** Outcome of an {@link Attack}. */
export interface AttackResult {
  /** What was measured, for people. */
  readonly measured: string;
  /** Whether the claim held. */
  readonly passed: boolean;
}

/** Figures that the server under attack reports. */
export interface ServerStats {
  readonly rss: number;
  /** Most memory since the figures were asked for before. */
  readonly peak: number;
  readonly longestMs: number;
  readonly lines: readonly string[];
  readonly state: string;
}

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Starts a role as a process of its own, with a limit of open files if given. */
export function startRole(script: string, args: string[], openFiles?: number): LineProcess {
  const command = [Deno.execPath(), "run", "-A", "--quiet", pathOf(script), ...args];
  if (openFiles === undefined) return new LineProcess(script, command[0] ?? "", command.slice(1));
  const limited = `ulimit -n ${openFiles}; exec "$@"`;
  return new LineProcess(script, "bash", ["-c", limited, "bash", ...command]);
}

/** Starts the server under attack and runs a function with its URL. */
export async function withServer<T>(
  { openFiles, kind = "deno" }: { openFiles?: number; kind?: "deno" | "node" },
  run: (url: string) => Promise<T>,
): Promise<T> {
  await using server = startRole("server_role.ts", [kind], openFiles);
  const [, url = ""] = (await server.line("ready")).split(" ");
  return await run(url);
}

/** Asks the server under attack for its figures. */
export async function readStats(url: string): Promise<ServerStats> {
  return await (await fetch(`${url}/stats`)).json();
}
