import type { Context, ContextManager } from "./open_telemetry.ts";

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
