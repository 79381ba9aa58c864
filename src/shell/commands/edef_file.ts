import { readFile, writeFile } from "node:fs/promises";
import { decodeEdef, encodeEdef, type EndpointDescription } from "../../endpoint/mod.ts";
import { messageOf } from "../../util/mod.ts";
import { CommandError } from "../command.ts";

/** Largest description file that is read from a URL, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads the endpoint descriptions of a file or URL.
 *
 * @throws {CommandError} if it cannot be read or is invalid
 */
export async function readEdef(place: string, signal: AbortSignal): Promise<EndpointDescription[]> {
  try {
    const text = /^https?:/i.test(place)
      ? await download(place, signal)
      : await readFile(/^file:/i.test(place) ? new URL(place) : place, {
        encoding: "utf8",
        signal,
      });
    return [...await decodeEdef(text)];
  } catch (error) {
    throw new CommandError(`Cannot read ${place}: ${messageOf(error)}`);
  }
}

/**
 * Writes endpoint descriptions to a file.
 *
 * @throws {CommandError} if it cannot be written
 */
export async function writeEdef(
  file: string,
  endpoints: readonly EndpointDescription[],
): Promise<void> {
  try {
    await writeFile(file, await encodeEdef(endpoints));
  } catch (error) {
    throw new CommandError(`Cannot write ${file}: ${messageOf(error)}`);
  }
}

/** Whether a file exists; `undefined` if that must not be known. */
export async function fileExists(file: string): Promise<boolean | undefined> {
  try {
    await readFile(file);
    return true;
  } catch (error) {
    return Object(error).code === "ENOENT" ? false : undefined;
  }
}

async function download(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
