import { readFile, writeFile } from "node:fs/promises";
import {
  decodeEdef,
  type EdefError,
  encodeEdef,
  type EndpointDescription,
} from "../../endpoint/mod.ts";
import { toMessage } from "../../util/mod.ts";
import { CommandError, type ShellIo } from "../command.ts";

/** Largest description file that is read from a URL, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads the endpoint descriptions of a file or URL. Descriptions that are invalid are reported
 * on `io`, and the others are returned.
 *
 * @throws {CommandError} if it cannot be read, is invalid, or has invalid descriptions only
 */
export async function readEdef(
  place: string,
  io: Pick<ShellIo, "write" | "signal">,
): Promise<EndpointDescription[]> {
  try {
    const { signal } = io;
    const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(place)?.[1] ?? "";
    if (!/^(?:https?|file)?$/i.test(scheme)) {
      throw new TypeError(`the scheme is ${scheme}; give http, https or file, or a path`);
    }
    const bytes = /^https?$/i.test(scheme)
      ? await download(place, signal)
      : await readFile(/^file:/i.test(place) ? new URL(place) : place, { signal });
    const errors: EdefError[] = [];
    const endpoints = decodeEdef(bytes, { onError: (error) => errors.push(error) });
    const [first] = errors;
    if (first !== undefined && endpoints.length === 0) throw first;
    for (const { message } of errors) io.write(`${message}\n`);
    return endpoints;
  } catch (error) {
    throw new CommandError(`Cannot read ${place}: ${toMessage(error)}`);
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
    throw new CommandError(`Cannot write ${file}: ${toMessage(error)}`);
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
