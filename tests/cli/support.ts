import { fileURLToPath } from "node:url";

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

/** Settings of {@link runCli}. */
export interface CliRun {
  /** Environment besides `PATH` and `HOME`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program with just the permissions that its documentation states. */
export async function runCli(args: readonly string[], { env = {} }: CliRun = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...PERMISSIONS, CLI, ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}
