/**
 * Measures the live page in Chromium with `--endpoints N` (10,000) in a real etcd: time from the
 * event of an endpoint that ends to the frame that shows it, over `--runs N` (50); time to load,
 * memory and bytes: `deno task bench:page`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { type Etcd3Discovery, type RemoteServices, remoteServices } from "../mod.ts";
import { webPage } from "../src/web/mod.ts";
import { PAGE_FILES } from "../src/web/generated/page_files.ts";
import { findEtcd } from "./etcd.ts";
import { startEtcd } from "./etcd_process.ts";
import { launchChromium } from "./page/browser.ts";
import { observeGone } from "./page/paint_probe.ts";
import { advertiseAll, createEndpoints } from "./page/registry_world.ts";

const { values } = parseArgs({
  args: [...Deno.args],
  options: {
    endpoints: { type: "string", default: "10000" },
    runs: { type: "string", default: "50" },
  },
});
const ROWS = ".body .row:not([hidden])";

interface Bench {
  readonly page: Page;
  readonly host: RemoteServices;
  readonly filler: Etcd3Discovery;
}

/** Ends endpoints whose rows are visible, one after the other. */
async function measureEnds({ page, host, filler }: Bench, runs: number): Promise<void> {
  const eventsMs = new Map<string, number>();
  using _subscription = host.onEndpoint(({ type, endpoint: { id } }) => {
    if (type === "removed") eventsMs.set(id, performance.timeOrigin + performance.now());
  });
  const changed: number[] = [];
  const painted: number[] = [];
  for (let run = 0; run < runs; run++) {
    const row = page.locator(`${ROWS}[data-state=""]`).first();
    const id = await row.getAttribute("data-endpoint") ?? "";
    const wait = await observeGone(page, id);
    await filler.unadvertise(id);
    const times = await wait();
    const eventMs = eventsMs.get(id) ?? NaN;
    changed.push(times.changedMs - eventMs);
    painted.push(times.paintedMs - eventMs);
  }
  console.log(`event to change of the document: ${summarize(changed)}`);
  console.log(`event to frame on the screen:    ${summarize(painted)}`);
}

/** Scrolls through the whole list and counts long frames. */
async function measureScroll(page: Page): Promise<void> {
  const frames = await page.evaluate(async () => {
    const { document, requestAnimationFrame } = globalThis as unknown as {
      document: { querySelector(selector: string): { scrollTop: number; scrollHeight: number } };
      requestAnimationFrame(callback: (nowMs: number) => void): void;
    };
    const grid = document.querySelector("#grid");
    const times: number[] = [];
    for (let step = 0; step <= 120; step++) {
      grid.scrollTop = grid.scrollHeight * step / 120;
      times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
    }
    return times.slice(1).map((time, index) => time - (times[index] ?? time));
  });
  console.log(`time between frames of a scroll: ${summarize(frames)}`);
}

function summarize(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`;
}

async function measureMemory(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const nodes = await page.evaluate(`document.querySelectorAll("*").length`);
  console.log(`heap of the page: ${(usedSize / 1e6).toFixed(1)} MB, ${nodes} elements`);
}

async function load(page: Page, url: string, count: number): Promise<void> {
  let streamBytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.dataReceived", ({ dataLength }) => streamBytes += dataLength);
  const beganMs = performance.now();
  await page.goto(url);
  await page.waitForSelector(`#grid[aria-rowcount="${count + 1}"]`);
  const loadMs = performance.now() - beganMs;
  const fileBytes = PAGE_FILES.reduce((sum, { text }) => sum + text.length, 0);
  console.log(`until all endpoints are listed: ${loadMs.toFixed(0)} ms`);
  console.log(
    `files of the page: ${(fileBytes / 1000).toFixed(0)} kB; listing: ${
      ((streamBytes - fileBytes) / 1e6).toFixed(1)
    } MB`,
  );
}

async function main(): Promise<void> {
  const count = Number(values.endpoints);
  await using etcd = await startEtcd(await findEtcd());
  await using filler = await advertiseAll(etcd.endpoint, createEndpoints(count, Date.now()));
  const beforeBytes = Deno.memoryUsage().rss;
  await using host = await remoteServices({
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
    drainMs: 0,
  });
  const hostBytes = Deno.memoryUsage().rss;
  await using served = await webPage(host);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await load(page, served.url, count);
    await measureMemory(page);
    await measureEnds({ page, host, filler }, Number(values.runs));
    await measureScroll(page);
    const serverBytes = Deno.memoryUsage().rss;
    console.log(
      `memory of the process: ${((hostBytes - beforeBytes) / 1e6).toFixed(0)} MB for the host, ` +
        `${((serverBytes - hostBytes) / 1e6).toFixed(0)} MB more with the page`,
    );
  } finally {
    await browser.close();
  }
}

await main();
