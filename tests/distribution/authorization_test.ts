import assert from "node:assert/strict";
import {
  type Authorize,
  bearerAuth,
  type DistributionFactory,
  inProcess,
  InProcessHub,
  type Logger,
  memory,
  type RemoteCall,
  remoteServices,
  withOptions,
  xmlRpc,
} from "../../mod.ts";
import { onAbort, SILENT } from "../../src/util/mod.ts";

class Store {
  readonly ran: string[] = [];
  read(): string {
    this.ran.push("read");
    return "text";
  }
  write(): string {
    this.ran.push("write");
    return "done";
  }
}

type Setting = Readonly<Record<"server" | "client", DistributionFactory>>;

/** Distributions whose servers ask the function. */
const PROVIDERS: Readonly<Record<string, (authorize: Authorize) => Setting>> = {
  "xmlRpc": (authorize) => ({
    server: xmlRpc({ http: { port: 0, authenticate: bearerAuth({ a: "ada" }), authorize } }),
    client: xmlRpc({ client: { headers: { authorization: "Bearer a" } } }),
  }),
  "inProcess": (authorize) => {
    const hub = new InProcessHub();
    return { server: inProcess(hub, { authorize }), client: inProcess(hub) };
  },
};

/** Runs a test with an exported store. */
async function withStore(
  { server, client }: Setting,
  run: (store: Store, proxy: { read(): Promise<string>; write(): Promise<string> }) => unknown,
  { logger = SILENT, intercepted = [] }: { logger?: Logger; intercepted?: RemoteCall[] } = {},
): Promise<void> {
  const discovery = [memory()];
  const options = { discovery, drainMs: 0 };
  await using host = await remoteServices({
    ...options,
    distribution: [server],
    logger,
    interceptors: { server: [(next) => (call) => (intercepted.push(call), next(call))] },
  });
  await using peer = await remoteServices({ ...options, distribution: [client] });
  const store = new Store();
  await host.register(["com.example.Store", "com.example.Reader"], store);
  await run(store, await peer.service<Store>("com.example.Store"));
}

const DENIED = {
  name: "RemoteCallError",
  code: "denied",
  isExecuted: false,
  method: "write",
  interfaceName: "com.example.Store",
  message: /^Cannot call write of com\.example\.Store at \S+: the caller may not call it$/,
};

for (const [name, create] of Object.entries(PROVIDERS)) {
  Deno.test(`${name} asks authorize before anything of the service runs`, async () => {
    for (const isAsync of [false, true]) {
      const asked: unknown[] = [];
      const intercepted: RemoteCall[] = [];
      const authorize: Authorize = ({ principal, interfaceName, endpoint, method }) => {
        asked.push([Object(principal).name, interfaceName, endpoint.interfaces, method]);
        const isAllowed = method === "read";
        return isAsync ? Promise.resolve(isAllowed) : isAllowed;
      };
      await withStore(create(authorize), async (store, proxy) => {
        assert.equal(await proxy.read(), "text");
        await assert.rejects(proxy.write(), DENIED);
        assert.deepEqual(store.ran, ["read"]);
      }, { intercepted });
      const principal = name === "xmlRpc" ? "ada" : undefined;
      const interfaces = ["com.example.Store", "com.example.Reader"];
      assert.deepEqual(asked, [
        [principal, "com.example.Store", interfaces, "read"],
        [principal, "com.example.Store", interfaces, "write"],
      ]);
      assert.deepEqual(intercepted.map(({ method }) => method), ["read"]);
    }
  });

  Deno.test(`${name} denies and logs if authorize fails`, async () => {
    const failures: Authorize[] = [
      () => {
        throw new Error("the directory of users is away");
      },
      () => Promise.reject(new Error("the directory of users is away")),
    ];
    for (const authorize of failures) {
      const errors: string[] = [];
      const logger = { ...SILENT, error: (message: string) => void errors.push(message) };
      await withStore(create(authorize), async (store, proxy) => {
        await assert.rejects(proxy.write(), DENIED);
        assert.deepEqual(store.ran, []);
      }, { logger });
      assert.deepEqual(errors, [
        "authorize failed, the call is denied: the directory of users is away",
      ]);
    }
  });

  Deno.test(`${name} runs nothing that is allowed after its caller has left`, async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const authorize: Authorize = ({ signal }) => {
      asked.resolve();
      onAbort(signal, left.resolve);
      return promise;
    };
    await withStore(create(authorize), async (store, proxy) => {
      const abort = new AbortController();
      const call = assert.rejects(withOptions(proxy, { signal: abort.signal }).write(), /I leave/);
      await asked.promise;
      abort.abort(new Error("I leave"));
      await call;
      await left.promise;
      resolve(true);
      assert.equal(await proxy.read(), "text");
      assert.deepEqual(store.ran, ["read"]);
    });
  });
}

Deno.test("xmlRpc and inProcess refuse an authorize that is not a function", async () => {
  const authorize = "all" as never;
  const discovery = [memory()];
  for (
    const one of [xmlRpc({ http: { port: 0, authorize } }), inProcess(undefined, { authorize })]
  ) {
    await assert.rejects(
      remoteServices({ discovery, distribution: [one] }),
      /Cannot use authorize/,
    );
  }
});

Deno.test("xmlRpc answers a call that is not allowed with status 403", async () => {
  const http = { port: 0, authorize: () => false };
  const discovery = [memory()];
  await using host = await remoteServices({ discovery, http, drainMs: 0 });
  const { endpoint } = await host.register("com.example.Store", new Store());
  const response = await fetch(endpoint.containerId ?? "", {
    method: "POST",
    headers: { "content-type": "text/xml" },
    body: `<methodCall><methodName>${endpoint.remoteServiceId}.read</methodName></methodCall>`,
  });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get("x-osgi-executed"), "no");
  assert.match(await response.text(), /<fault>.*-32003.*may not call it/s);
});
