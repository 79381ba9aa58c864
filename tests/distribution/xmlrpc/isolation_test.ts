import assert from "node:assert/strict";
import { HttpService, XmlRpcExportProvider, XmlRpcImportProvider } from "../../../mod.ts";
import { currentCall, RemoteCallError } from "../../../src/distribution/mod.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { createProxy, exportObject, importEndpoint } from "../provider_pair.ts";

/** Exports a service whose method hangs and one that answers at once, and calls them. */
async function withServices(
  limits: { maxCalls?: number; maxServiceCalls?: number; timeoutMs?: number },
  run: (stage: Awaited<ReturnType<typeof createStage>>) => Promise<void>,
): Promise<void> {
  await using http = new HttpService({ port: 0 });
  const stage = await createStage(http, limits);
  try {
    await run(stage);
  } finally {
    stage.hanging.unblock();
    await stage.close();
  }
}

/** Counts events by name, and resolves when a count is reached. */
class Tally {
  readonly counts = new Map<string, number>();
  readonly #waiting = new Map<string, () => void>();

  add(name: string): void {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    this.#waiting.get(`${count} ${name}`)?.();
  }

  reached(count: number, name: string): Promise<void> {
    if ((this.counts.get(name) ?? 0) >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(`${count} ${name}`, resolve));
  }
}

class Hanging {
  readonly #unblock = Promise.withResolvers<string>();
  readonly tally = new Tally();

  hang(): Promise<string> {
    this.tally.add("calls");
    return this.#unblock.promise;
  }

  unblock(): void {
    this.#unblock.resolve("unblocked");
  }
}

async function createStage(
  http: HttpService,
  limits: { maxCalls?: number; maxServiceCalls?: number; timeoutMs?: number },
) {
  const exporter = { exports: new XmlRpcExportProvider(http, limits) };
  // A busy machine needs its time for 1,000 connections.
  const patience = { connectTimeoutMs: 600_000, timeoutMs: 600_000 };
  const importer = { imports: new XmlRpcImportProvider(patience) };
  const hanging = new Hanging();
  const slow = await exportObject(exporter, hanging, { remoteServiceId: 1 });
  const quick = await exportObject(exporter, { now: () => "now" }, { remoteServiceId: 2 });
  const imports = [slow, quick].map(({ endpoint }) => importEndpoint(importer, endpoint));
  const [slowProxy, quickProxy] = imports.map((imported, index) =>
    createProxy(imported, (index === 0 ? slow : quick).endpoint)
  );
  return {
    hanging,
    hang: async () => await slowProxy?.hang?.(),
    now: async () => await quickProxy?.now?.(),
    close: async () => {
      for (const imported of imports) await imported.close();
      await importer.imports.close();
    },
  };
}

function getCode(error: unknown): string {
  return error instanceof RemoteCallError ? `${error.code} ${error.isExecuted}` : String(error);
}

Deno.test("XML-RPC server answers other services while 1,000 callers wait for a hanging method", async () => {
  await withServices({ timeoutMs: 600_000 }, async ({ hanging, hang, now }) => {
    const expected = { "unblocked": 500, "overloaded false": 500 };
    const outcomes = new Tally();
    const call = async () => {
      const outcome = await hang().then(String, getCode);
      assert.ok(outcome in expected, outcome);
      outcomes.add(outcome);
    };
    const answers = Promise.all(Array.from({ length: 1000 }, call));
    const tooMany = hanging.tally.reached(501, "calls").then(() => assert.fail("501 calls run"));
    await Promise.race([hanging.tally.reached(500, "calls"), answers]);
    for (let call = 0; call < 50; call++) assert.equal(await now(), "now");
    await Promise.race([outcomes.reached(500, "overloaded false"), answers, tooMany]);
    hanging.unblock();
    await answers;
    assert.deepEqual(Object.fromEntries(outcomes.counts), expected);
  });
});

Deno.test("XML-RPC server frees the place of a call whose time is over", async () => {
  await withServices({ maxServiceCalls: 1, timeoutMs: 50 }, async ({ hang }) => {
    for (let call = 0; call < 3; call++) {
      assert.equal(await hang().catch(getCode), "timeout unknown");
    }
  });
});

Deno.test("XmlRpcExportProvider refuses maxServiceCalls below 1", () => {
  const http = new HttpService({ port: 0 });
  assert.throws(() => new XmlRpcExportProvider(http, { maxServiceCalls: 0 }), {
    name: "RangeError",
    message: "Cannot use maxServiceCalls 0: give 1 or more",
  });
});

Deno.test("XML-RPC server caps the time that a client asks for", async () => {
  await using http = new HttpService({ port: 0 });
  const exporter = { exports: new XmlRpcExportProvider(http, { timeoutMs: 40 }) };
  const hanging = new Hanging();
  const { url } = await exportObject(exporter, hanging);
  const body = '<?xml version="1.0"?><methodCall><methodName>3.hang</methodName></methodCall>';
  const headers = { "content-type": "text/xml", "x-osgi-basic-timeout": "60000" };
  const response = await fetch(url, { method: "POST", headers, body });
  assert.match(await response.text(), /no answer within 40 ms/);
  assert.equal(response.headers.get("x-osgi-executed"), "unknown");
  hanging.unblock();
});

Deno.test("XML-RPC server has the deadline of a call from its start, whenever it is asked", async () => {
  const clock = new VirtualClock();
  await using http = new HttpService({ port: 0 });
  const exporter = { exports: new XmlRpcExportProvider(http, { timeoutMs: 10_000, clock }) };
  for (const askedMs of ["200", "5000"]) {
    const startMs = clock.now();
    const service = {
      ask: async () => {
        const call = currentCall();
        await clock.advance(100);
        return (call?.deadlineMs ?? NaN) - startMs;
      },
    };
    const { url } = await exportObject(exporter, service);
    const body = '<?xml version="1.0"?><methodCall><methodName>3.ask</methodName></methodCall>';
    const headers = { "content-type": "text/xml", "x-osgi-basic-timeout": askedMs };
    const response = await fetch(url, { method: "POST", headers, body });
    assert.match(await response.text(), new RegExp(`<int>${askedMs}</int>`));
  }
});
