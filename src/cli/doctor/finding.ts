/** Result of one check. */
export interface Finding {
  /** Severity: `ok` is not a problem, `warning` may become one, `error` is one now. */
  readonly level: "ok" | "warning" | "error";
  /** Name of the check, such as `rights`. */
  readonly check: string;
  /** Description of the finding. */
  readonly message: string;
  /** Advice on how to fix it; every warning and error has it. */
  readonly cure?: string;
}

/** Creates a finding that is not a problem. */
export function createOk(check: string, message: string): Finding {
  return { level: "ok", check, message };
}

/** Creates a finding that may become a problem. */
export function createWarning(check: string, message: string, cure: string): Finding {
  return { level: "warning", check, message, cure };
}

/** Creates a finding that is a problem. */
export function createError(check: string, message: string, cure: string): Finding {
  return { level: "error", check, message, cure };
}
