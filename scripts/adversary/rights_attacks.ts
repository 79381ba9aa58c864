import { inspect } from "node:util";
import { EndpointDescription, memory, remoteServices } from "../../mod.ts";
import { type Clock, SYSTEM_CLOCK } from "../../src/util/mod.ts";
import { encodeMethodCall } from "../../src/xmlrpc/mod.ts";
import type { Attack } from "./attack.ts";

const SECRET = "s3cr3t";

/** Creates a description as any process that writes to the directory may write it. */
function describe(containerId: string, intents: readonly string[] = []): EndpointDescription {
  return new EndpointDescription({
    id: crypto.randomUUID(),
    interfaces: ["com.example.Any"],
    configurationTypes: ["ecf.xmlrpc.server"],
    containerId,
    remoteServiceId: 1,
    intents,
  });
}

/** Imports a description and calls it; returns the code of the failure, and all that was printed. */
async function call(
  endpoint: EndpointDescription,
  client: Record<string, unknown>,
): Promise<{ code: string; printed: string }> {
  const printed: string[] = [];
  const record = (...values: unknown[]) => void printed.push(inspect(values, { depth: 20 }));
  const logger = { debug: record, info: record, warn: record, error: record };
  await using host = await remoteServices({ discovery: [memory()], client, logger });
  host.admin.addListener((event) => record(event));
  try {
    host.admin.importService(endpoint);
    const [proxy] = host.services<{ read(): string }>("com.example.Any");
    await proxy?.read();
    return { code: "none", printed: printed.join() };
  } catch (error) {
    record(error);
    return { code: String(Object(error).code ?? "not imported"), printed: printed.join() };
  }
}

/** Attacks on what a process calls and who may call it. */
export const RIGHTS_ATTACKS: readonly Attack[] = [{
  name: "descriptions lead calls and credentials elsewhere",
  bar: "nothing is sent to the other host, and no password is printed",
  run: async () => {
    let requests = 0;
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    await using victim = Deno.serve(options, () => new Response(`${++requests}`));
    const stolen = `ada:${SECRET}@127.0.0.1:${victim.addr.port}`;
    await using redirecting = Deno.serve(
      options,
      () => Response.redirect(`http://127.0.0.1:${victim.addr.port}/`, 307),
    );
    const headers = { authorization: `Bearer ${SECRET}` };
    const allowHosts = ["*.example.com", "10.0.0.0/8"];
    const results = [
      await call(describe(`http://${stolen}/`), { headers, allowHosts }),
      await call(describe("http://no-such-host.invalid/"), { headers, allowHosts }),
      await call(describe(`ftp://${stolen}/etc/passwd`), { headers }),
      await call(describe(`http://127.0.0.1:${redirecting.addr.port}/`), { headers }),
      await call(describe(`http://${stolen}/`, ["osgi.confidential"]), { headers }),
      await call(describe(`https://ada:${SECRET}@8.8.8.8/`, ["osgi.private"]), { headers }),
    ];
    const codes = results.map(({ code }) => code).join(", ");
    const wanted =
      "not-allowed, not-allowed, not-allowed, invalid-reply, not imported, not imported";
    const leaks = results.filter(({ printed }) => printed.includes(SECRET)).length;
    return {
      measured: `${codes}; ${requests} requests, ${leaks} leaks`,
      passed: codes === wanted && requests === 0 && leaks === 0,
    };
  },
}, {
  name: "callers call methods that authorize does not allow",
  bar: "403 and x-osgi-executed: no, nothing runs, also if authorize fails",
  run: async () => {
    let ran = 0;
    const statuses: string[] = [];
    const authorizers = [() => false, () => Promise.resolve(false), () => {
      throw new Error("no directory of users");
    }];
    for (const authorize of authorizers) {
      const http = { port: 0, authorize };
      await using host = await remoteServices({ discovery: [memory()], http, drainMs: 0 });
      const { endpoint } = await host.register("com.example.Any", { read: () => ++ran });
      const response = await fetch(endpoint.containerId ?? "", {
        method: "POST",
        headers: { "content-type": "text/xml" },
        body: encodeMethodCall(`${endpoint.remoteServiceId}.read`),
      });
      await response.body?.cancel();
      statuses.push(`${response.status} ${response.headers.get("x-osgi-executed")}`);
    }
    return {
      measured: `${statuses.join(", ")}; ${ran} calls ran`,
      passed: ran === 0 && statuses.every((status) => status === "403 no"),
    };
  },
}, {
  name: "callers write long values into the log: 1,000 errors of 1 MB, each another",
  bar: "100 lines a minute, each under 1,100 characters, no character that changes a terminal",
  run: async () => {
    const lines: string[] = [];
    const record = (message: string, fields?: unknown) =>
      void lines.push(message + inspect(fields, { maxStringLength: null }));
    const logger = { debug() {}, info() {}, warn: record, error: record };
    const http = { port: 0, maxBytes: 2_000_000 };
    const clock: Clock = { ...SYSTEM_CLOCK, now: () => 0 }; // all within one minute
    const options = { discovery: [memory()], http, logger, clock, drainMs: 0 };
    await using host = await remoteServices(options);
    const { endpoint } = await host.register("com.example.Any", {
      fail: (index: number) => {
        throw new Error(`\u202e\u0007\n${index}${"Q".repeat(1_000_000)}`);
      },
    });
    for (let index = 0; index < 1000; index++) {
      const response = await fetch(endpoint.containerId ?? "", {
        method: "POST",
        headers: { "content-type": "text/xml" },
        body: encodeMethodCall(`${endpoint.remoteServiceId}.fail`, [index]),
      });
      await response.body?.cancel();
    }
    const longest = Math.max(...lines.map(({ length }) => length));
    const harmful = lines.filter((line) =>
      line.includes("\u202e") || line.includes("\u0007")
    ).length;
    return {
      measured: `${lines.length} lines, the longest ${longest}, ${harmful} harmful`,
      passed: lines.length <= 101 && longest < 1100 && harmful === 0,
    };
  },
}];
