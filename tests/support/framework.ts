import assert from "node:assert/strict";
import { type BundleContext, Framework } from "../../src/framework/mod.ts";
import { LogRecorder } from "./events.ts";

/** Returns a framework with one active bundle, its context and the recorded log. */
export async function startBundle() {
  const logger = new LogRecorder();
  const framework = new Framework({ logger });
  let context: BundleContext | undefined;
  const bundle = framework.installBundle({ name: "b", start: (given) => void (context = given) });
  await bundle.start();
  assert.ok(context);
  return { framework, bundle, context, registry: framework.registry, logger };
}

/** Waits until a condition holds that only needs pending promises to settle. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < 100, "the condition does not become true");
    await Promise.resolve();
  }
}
