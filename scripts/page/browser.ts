import { type Browser, chromium } from "playwright-core";

/** Places of Chromium on Debian and others. */
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--font-render-hinting=none",
];

/** Returns the path of Chromium: `$CHROMIUM`, or where it usually is; `undefined` without one. */
export function findChromium(): string | undefined {
  return [Deno.env.get("CHROMIUM"), ...PATHS].find((path) => path !== undefined && exists(path));
}

/**
 * Starts Chromium.
 *
 * @throws {Error} if there is none
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("Cannot open a page: there is no chromium; install it, or set CHROMIUM");
  }
  return await chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // it is not there
  }
}
