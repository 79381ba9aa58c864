/**
 * Runs tests on Node and Bun: `node runner.js FILE...`. The bundled files register their tests
 * here in place of `Deno.test`. Prints `N passed, N failed` as the last line. The process must
 * end by itself: a timer or socket that a test leaves open keeps it alive.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { pathToFileURL } from "node:url";

/** Longest time of one test. */
const LIMIT_MS = 180_000;
/** Longest time from the last test to the end of the process. */
const END_MS = 30_000;

interface RegisteredTest {
  readonly name: string;
  readonly run: () => unknown;
}

const tests: RegisteredTest[] = [];

/** Registers a test, with the parameters of `Deno.test`. */
function registerTest(first: unknown, ...rest: unknown[]): void {
  const run = rest.at(-1) ?? first;
  if (typeof run !== "function") throw new TypeError("Cannot register a test: it has no function");
  const name = typeof first === "string" ? first : run.name;
  tests.push({ name, run: () => run() });
}

/** The part of `AsyncDisposableStack` that tests use; Node 22 lacks it. */
class DisposableStackOfNode22 implements AsyncDisposable {
  #cleanups: (() => unknown)[] = [];

  use<T extends Partial<AsyncDisposable & Disposable>>(resource: T): T {
    this.defer(() =>
      resource[Symbol.asyncDispose] === undefined
        ? resource[Symbol.dispose]?.()
        : resource[Symbol.asyncDispose]?.()
    );
    return resource;
  }

  defer(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  async disposeAsync(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disposeAsync();
  }
}

async function runTest({ run }: RegisteredTest): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`took more than ${LIMIT_MS} ms`)), LIMIT_MS);
  try {
    await Promise.race([run(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function main(files: readonly string[]): Promise<void> {
  const AsyncDisposableStack = globalThis.AsyncDisposableStack ?? DisposableStackOfNode22;
  Object.assign(globalThis, { registerTest, AsyncDisposableStack });
  for (const file of files) await import(pathToFileURL(file).href);
  let failed = 0;
  for (const test of tests) {
    const startedMs = performance.now();
    try {
      await runTest(test);
      console.log(`ok ${test.name} (${Math.round(performance.now() - startedMs)} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${test.name}\n`, error);
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
  const isStuck = () => {
    console.log("FAILED: the process did not end; a test leaves a timer or a socket open");
    process.exit(1);
  };
  setTimeout(isStuck, END_MS).unref();
}

await main(process.argv.slice(2));
