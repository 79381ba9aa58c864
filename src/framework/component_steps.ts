import type { ComponentState } from "./component.ts";

/** Whether a step is under way, after which the component looks at its services again. */
export function isBusy({ kind }: Pick<ComponentState, "kind">): boolean {
  switch (kind) {
    case "created":
    case "validating":
    case "rebinding":
    case "invalidating":
      return true;
    case "unsatisfied":
    case "valid":
    case "failed":
    case "closed":
      return false;
  }
}

/**
 * Calls a callback and continues with its result: at once, or when its promise is settled,
 * which is returned then.
 */
export function run<T>(
  callback: () => T | Promise<T>,
  onDone: (value: T) => void,
  onError: (error: unknown) => void,
): Promise<void> | undefined {
  try {
    const result = callback();
    if (result instanceof Promise) return result.then(onDone).catch(onError);
    onDone(result);
  } catch (error) {
    onError(error);
  }
  return undefined;
}

/** Whether two sets of injected values are the same, lists by their items. */
export function isSame(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(a).every(([name, value]) => {
    const other = b[name];
    if (!Array.isArray(value) || !Array.isArray(other)) return value === other;
    return value.length === other.length && value.every((item, index) => item === other[index]);
  });
}
