import { LineProcess } from "../../scripts/line_process.ts";

/**
 * Runs a Python program and returns its output.
 *
 * @throws {Error} if it fails
 */
export async function python(program: string, args: readonly string[] = []): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", program, ...args],
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Python failed:\n${decode(stderr)}`);
  return decode(stdout).trim();
}

/** Starts a Python program that runs until it is killed. */
export function startPython(program: string): LineProcess {
  return new LineProcess("python", "python3", ["-u", "-c", program]);
}
