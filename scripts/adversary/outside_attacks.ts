import { fileURLToPath } from "node:url";
import { HttpService } from "../../src/http/mod.ts";
import { createXmlRpcHandler, encodeMethodCall } from "../../src/xmlrpc/mod.ts";
import type { Attack } from "./attack.ts";

const CHROMIUM_FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--virtual-time-budget=5000",
  "--dump-dom",
];

/** Returns a page that calls a service in each way that needs no preflight. */
function createPage(url: string): string {
  const body = JSON.stringify(encodeMethodCall("run"));
  return `<!doctype html><body><script>
    const body = ${body};
    const send = (body) => fetch(${JSON.stringify(url)}, { method: "POST", mode: "no-cors", body });
    const ends = [new Blob([body]), new TextEncoder().encode(body), new TextEncoder().encode(body).buffer].map(send);
    navigator.sendBeacon(${JSON.stringify(url)}, new Blob([body]));
    Promise.allSettled(ends).then(() => document.body.append("finished"));
  </script>`;
}

/** Opens a page in Chromium; returns whether its script came to its end. */
async function openPage(url: string): Promise<boolean> {
  const args = [...CHROMIUM_FLAGS, url];
  const { stdout } = await new Deno.Command("chromium", { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).includes("finished");
}

/** Counts the executions that a page of another origin causes. */
async function countExecutions(serve: (handle: (request: Request) => Promise<Response>) => string) {
  let executions = 0;
  const handle = createXmlRpcHandler({ run: () => ++executions });
  const target = serve(handle);
  await using page = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    const headers = { "content-type": "text/html" };
    return new Response(createPage(target), { headers });
  });
  const finished = await openPage(`http://localhost:${page.addr.port}/`);
  return { executions, finished };
}

/** Attacks that need a browser. */
const CHROMIUM_ATTACK: Attack = {
  name: "page in Chromium calls a service on loopback",
  bar: "the service runs nothing; without the guard it runs (control)",
  run: async () => {
    await using bare = new AsyncDisposableStack();
    const control = await countExecutions((handle) => {
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
      bare.defer(() => server.shutdown());
      return `http://127.0.0.1:${server.addr.port}/xml-rpc`;
    });
    await using http = new HttpService({ port: 0 });
    await http.start();
    const guarded = await countExecutions((handle) => {
      http.register("/xml-rpc", handle);
      return `${http.url}/xml-rpc`;
    });
    return {
      measured: `${guarded.executions} executions, control ${control.executions}`,
      passed: guarded.executions === 0 && guarded.finished && control.executions > 0,
    };
  },
};

/** Creates an attack that is made by tests; all of their claims must hold. */
function runTests(name: string, bar: string, files: readonly string[], filter?: string): Attack {
  const paths = files.map((file) => fileURLToPath(new URL(`../../tests/${file}`, import.meta.url)));
  const args = [
    "test",
    "-A",
    "--quiet",
    ...paths,
    ...filter === undefined ? [] : ["--filter", filter],
  ];
  return {
    name,
    bar,
    run: async () => {
      const env = { NO_COLOR: "1" };
      const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
      const [measured, passed] = /(\d+) passed[^\n]*/.exec(new TextDecoder().decode(stdout)) ?? [];
      const shown = measured?.replaceAll(" |", ",") ?? "no summary"; // a table's cell has no bar
      return { measured: shown, passed: success && Number(passed) > 0 };
    },
  };
}

/** Attacks that need a browser or an etcd. */
export const OUTSIDE_ATTACKS: readonly Attack[] = [
  CHROMIUM_ATTACK,
  runTests(
    "GOAWAY while dialling, in 15 ways, and on idle connections",
    "200 injections, no abort, in sync after each; bare node:http2 aborts (control)",
    ["faults/goaway_test.ts"],
  ),
  runTests(
    "certificates and passwords of etcd are renewed, and the functions that return them fail",
    "the exporter comes back, and no password is shown",
    ["faults/tls_test.ts", "faults/auth_test.ts"],
    "function",
  ),
  runTests(
    "certificates are reloaded while calls run, unusable ones between",
    "no call is refused, and the old certificate stays",
    ["http/server/http_service_test.ts"],
    "renewed certificate",
  ),
  runTests(
    "servers have nonsense in their certificate chain",
    "the process goes on",
    ["http/client/http_client_tls_test.ts", "faults/tls_test.ts"],
    "nonsense",
  ),
];
