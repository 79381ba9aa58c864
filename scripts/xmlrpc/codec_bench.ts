/**
 * Measures reading and writing of documents beside saxes, xmlbuilder2, Python and JSON.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { PEERS } from "./codec_peer.ts";
import { createSample, SAMPLES } from "./documents.ts";
import { compare, type Result } from "./results.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 0.3;
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Returns the number that a program prints; NaN if it is missing or fails. */
async function readNumber(program: string, args: string[]): Promise<number> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args, stderr: "inherit" })
      .output();
    return success ? Number(new TextDecoder().decode(stdout)) : NaN;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return NaN;
    throw error;
  }
}

function run(what: string, peer: string, sample: string, file: string): Promise<number> {
  const seconds = String(ROUND_SECONDS);
  return peer === "python"
    ? readNumber("python3", [script("python_peer.py"), what, file, seconds])
    : readNumber(Deno.execPath(), [
      "run",
      "-A",
      "--quiet",
      script("codec_peer.ts"),
      what,
      peer,
      sample,
      seconds,
    ]);
}

/** Measures both directions on all samples. */
export async function* benchCodec(): AsyncGenerator<Result> {
  const file = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    for (const sample of SAMPLES) {
      await Deno.writeTextFile(file, createSample(sample).xml);
      for (const [what, peers] of Object.entries(PEERS)) {
        const rounds = [];
        for (let round = 0; round < ROUNDS; round++) {
          const seconds = new Map<string, number>();
          for (const peer of peers) seconds.set(peer, await run(what, peer, sample, file));
          rounds.push(seconds);
        }
        yield compare(what, sample, rounds);
      }
    }
  } finally {
    await Deno.remove(file);
  }
}
