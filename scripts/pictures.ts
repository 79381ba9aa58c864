/**
 * Makes the pictures of the live page in `docs/images/`: three services under load among other
 * endpoints, in light and dark: `deno task pictures [folder]`. Needs chromium.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { remoteServices } from "../mod.ts";
import { webPage } from "../src/web/mod.ts";
import { findEtcd } from "./etcd.ts";
import { startEtcd } from "./etcd_process.ts";
import { launchChromium } from "./page/browser.ts";
import { advertiseAll, createEndpoints, startServices } from "./page/registry_world.ts";

const FOLDER = Deno.args[0] ?? fileURLToPath(new URL("../docs/images", import.meta.url));
const SIZE = { width: 1360, height: 850 };
/** Time for which the calls are measured before the pictures, so that the curves have a shape. */
const LOAD_MS = 40_000;

async function openPage(browser: Browser, url: string, colorScheme: "light" | "dark") {
  const context = await browser.newContext({ colorScheme, viewport: SIZE });
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector("#calls:not([hidden])");
  return page;
}

/** Shows the endpoint of a service in the details. */
async function chooseService(page: Page, name: string): Promise<void> {
  await page.fill("#filter", "shop eu-west");
  await page.getByText("2 of ").waitFor();
  await page.locator(`.body .row:has-text("${name}")`).click();
  await page.waitForSelector("#details dl.properties");
}

async function callService(page: Page, parameters: string): Promise<void> {
  await page.fill(".call-form textarea", parameters);
  await page.click(".call-form button");
  await page.waitForSelector(".outcome:not([hidden])");
}

async function main(): Promise<void> {
  await using etcd = await startEtcd(await findEtcd());
  const endpoints = createEndpoints(180, Date.now());
  await using filler = await advertiseAll(etcd.endpoint, endpoints);
  const options = { etcd: { endpoints: etcd.endpoint }, http: { port: 0 }, drainMs: 0 };
  await using viewer = await remoteServices(options);
  await using served = await webPage(viewer, { allowCalls: true });
  await using _services = await startServices(etcd.endpoint, viewer);
  const browser = await launchChromium();
  try {
    const [light, dark] = await Promise.all([
      openPage(browser, served.url, "light"),
      openPage(browser, served.url, "dark"),
    ]);
    await light.waitForTimeout(LOAD_MS);
    await chooseService(dark, "Prices");
    await callService(dark, "[12]");
    await dark.screenshot({ path: `${FOLDER}/page-dark.png` });
    await light.getByRole("button", { name: "Last change" }).click();
    const [left, changed] = endpoints;
    await filler.unadvertise(left?.id ?? "");
    for (const endpoint of createEndpoints(2, Date.now(), 99)) await filler.advertise(endpoint);
    const later = createEndpoints(2, Date.now())[1];
    if (changed !== undefined && later !== undefined) await filler.update(later);
    await light.waitForSelector('.row[data-state="gone"]');
    await light.waitForTimeout(300);
    await light.screenshot({ path: `${FOLDER}/page-light.png` });
    console.log(`wrote ${FOLDER}/page-light.png and page-dark.png`);
  } finally {
    await browser.close();
  }
}

if (import.meta.main) await main();
