/** Numbers of tests. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Part of the tests on other runtimes. */
export interface Step {
  readonly name: string;
  /** Runs it; rejects if it could not count. */
  run(): Promise<Counts>;
}

/** Runs steps, some at a time; reports each, and returns the sum of their counts. */
export async function runSteps(
  steps: readonly Step[],
  { atOnce, report }: { readonly atOnce: number; readonly report: (line: string) => void },
): Promise<Counts> {
  const waiting = [...steps];
  let [passed, failed] = [0, 0];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const counts = await runStep(step, report);
      passed += counts.passed;
      failed += counts.failed;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { passed, failed };
}

async function runStep({ name, run }: Step, report: (line: string) => void): Promise<Counts> {
  const startedMs = performance.now();
  let counts: Counts;
  try {
    counts = await run();
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
    counts = { passed: 0, failed: 1 };
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  report(
    counts.failed === 0
      ? `ok ${name}: ${counts.passed} passed (${seconds} s)`
      : `FAILED ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`,
  );
  return counts;
}
