import type { Page } from "playwright-core";

/** Times at which a row was first marked as gone, in milliseconds since 1970. */
export interface PaintTimes {
  /** Change of the document. */
  readonly changedMs: number;
  /** Frame that shows it. */
  readonly paintedMs: number;
}

/**
 * Observes the page until the row of an endpoint is marked as gone. The row must be visible.
 * Resolves with a function that waits for that.
 */
export async function observeGone(
  page: Page,
  endpointId: string,
): Promise<() => Promise<PaintTimes>> {
  const handle = await page.evaluateHandle(observeRow, endpointId);
  return async () => {
    const times = await handle.evaluate(({ times }) => times);
    await handle.dispose();
    return times;
  };
}

/** Runs in the page: it must not use anything of this module. */
function observeRow(endpointId: string): { readonly times: Promise<PaintTimes> } {
  const { document, MutationObserver, requestAnimationFrame } = globalThis as unknown as {
    document: { querySelector(selector: string): unknown };
    MutationObserver: new (callback: () => void) => {
      observe(target: unknown, options: object): void;
      disconnect(): void;
    };
    requestAnimationFrame(callback: () => void): void;
  };
  const now = () => performance.timeOrigin + performance.now();
  const selector = `.row[data-endpoint="${endpointId}"][data-state="gone"]`;
  const times = new Promise<PaintTimes>((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector(selector) === null) return;
      observer.disconnect();
      const changedMs = now();
      // A task after the callbacks of a frame runs when the frame was drawn.
      requestAnimationFrame(() => setTimeout(() => resolve({ changedMs, paintedMs: now() })));
    });
    const options = { attributes: true, attributeFilter: ["data-state"], subtree: true };
    observer.observe(document.querySelector("#grid-body"), options);
  });
  return { times };
}
