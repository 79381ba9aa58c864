import {
  createMemoryHub,
  type DiscoveryProvider,
  memory,
  type MemoryHub,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
} from "../../mod.ts";
import { SILENT, SYSTEM_CLOCK } from "../../src/util/mod.ts";
import { type WebPage, webPage, type WebPageOptions } from "../../src/web/mod.ts";
import type { PageMessage } from "../../src/web/page_stream.ts";

/** A host with a page, and a process that advertises endpoints to it. */
export interface PageWorld extends AsyncDisposable {
  readonly hub: MemoryHub;
  readonly publisher: DiscoveryProvider;
  readonly host: RemoteServices;
  readonly page: WebPage;
}

/** Starts a world in memory. */
export async function startWorld(
  options: WebPageOptions = {},
  hostOptions: RemoteServicesOptions & { readonly removalGraceMs?: number } = {},
): Promise<PageWorld> {
  const { removalGraceMs = 0, ...rest } = hostOptions;
  const hub = createMemoryHub();
  const publisher = createPublisher(hub);
  await publisher.start();
  const host = await remoteServices({
    discovery: [memory({ hub, removalGraceMs })],
    http: { port: 0 },
    drainMs: 0,
    ...rest,
  });
  const page = await webPage(host, options);
  return {
    hub,
    publisher,
    host,
    page,
    [Symbol.asyncDispose]: async () => {
      await page.close();
      await host.close({ drainTimeoutMs: 0 });
      await publisher.close();
    },
  };
}

/** Creates a process that only advertises. */
export function createPublisher(hub: MemoryHub): DiscoveryProvider {
  return memory({ hub })({ logger: SILENT, clock: SYSTEM_CLOCK, hostIp: "127.0.0.1" });
}

/** A message with its id. */
export interface ReceivedMessage {
  readonly id: string | undefined;
  readonly message: PageMessage;
}

/** Client of the stream of a page that reads when it is asked to. */
export class StreamClient implements AsyncDisposable {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string> | undefined;
  #text = "";

  private constructor(response: Response) {
    this.response = response;
    this.#reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async open(url: string, query: Record<string, string> = {}): Promise<StreamClient> {
    return new StreamClient(await fetch(`${url}events?${new URLSearchParams(query)}`));
  }

  /** Returns the next message; `undefined` at the end. */
  async next(): Promise<ReceivedMessage | undefined> {
    while (!this.#text.includes("\n\n")) {
      const part = await this.#reader?.read();
      if (part === undefined || part.done) return undefined;
      this.#text += part.value;
    }
    const end = this.#text.indexOf("\n\n");
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    const data = /^data: (.*)$/m.exec(block)?.[1] ?? "{}";
    return { id: /^id: (.*)$/m.exec(block)?.[1], message: JSON.parse(data) };
  }

  /** Reads until a message fits, and returns it. */
  async until(isWanted: (message: PageMessage) => unknown): Promise<ReceivedMessage> {
    for (let next = await this.next(); next !== undefined; next = await this.next()) {
      if (isWanted(next.message)) return next;
    }
    throw new Error("the stream has ended");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.cancel().catch(() => {});
  }
}
