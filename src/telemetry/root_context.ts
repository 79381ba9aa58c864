import {
  type Context,
  type ContextManager,
  findOpenTelemetry,
  SPAN_KEY,
} from "./open_telemetry.ts";

/** A context for processes in which an SDK has registered no context manager. */
class PlainContext implements Context {
  readonly #values: ReadonlyMap<symbol, unknown>;

  constructor(values: ReadonlyMap<symbol, unknown>) {
    this.#values = values;
  }

  getValue(key: symbol): unknown {
    return this.#values.get(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new PlainContext(new Map(this.#values).set(key, value));
  }

  deleteValue(key: symbol): Context {
    const values = new Map(this.#values);
    values.delete(key);
    return new PlainContext(values);
  }
}

const ROOT = new PlainContext(new Map());

/**
 * Context manager without an active context: each call begins a trace, or continues its caller's.
 */
export const NO_CONTEXTS: ContextManager = {
  active: () => ROOT,
  with: (_context, run) => run(),
};

/**
 * Runs a function outside the active span. What it starts may go on for longer than the span,
 * and would be part of its trace.
 */
export function runOutsideSpan<T>(run: () => T): T {
  const contexts = findOpenTelemetry()?.context;
  if (contexts === undefined) return run();
  return contexts.with(contexts.active().setValue(SPAN_KEY, undefined), run);
}
