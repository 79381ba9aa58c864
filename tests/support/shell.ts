import assert from "node:assert/strict";
import { remoteServices } from "../../mod.ts";
import { Shell, type ShellHost, type ShellOptions } from "../../src/shell/mod.ts";
import { testEtcd } from "./etcd.ts";

/** Interface of the service that {@link startHosts} exports. */
export const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

/** Starts a host that exports, one that imports, and a shell for each. */
export async function startHosts(options: ShellOptions = {}) {
  const stack = new AsyncDisposableStack();
  const etcd = stack.use(await testEtcd());
  const settings = { etcd: { endpoints: etcd.endpoint } };
  const host = stack.use(await remoteServices({ ...settings, http: { port: 0 }, drainMs: 0 }));
  const peer = stack.use(await remoteServices(settings));
  const called = Promise.withResolvers<void>();
  const registration = await host.register(IHELLO, {
    sayHello: (from: string, message: string) => `Howdy ${from}: ${message}`,
    fail: () => Promise.reject(new Error("no such luck")),
    hang: () => {
      called.resolve();
      return new Promise(() => {});
    },
  }, { "service.exported.interfaces": "*", colour: "red" });
  await peer.service(IHELLO);
  return {
    host,
    peer,
    registration,
    endpoint: registration.endpoint,
    called,
    exporter: createTypist(host, options),
    importer: createTypist(peer, options),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Returns functions that run lines in a shell and return their output. */
export function createTypist(host: ShellHost, options: ShellOptions = {}) {
  const shell = new Shell(host, options);
  const type = async (line: string, signal = new AbortController().signal) => {
    let text = "";
    const isSuccess = await shell.execute(line, { write: (part) => void (text += part), signal });
    return { isSuccess, text };
  };
  return {
    shell,
    type,
    good: async (line: string) => {
      const { isSuccess, text } = await type(line);
      assert.ok(isSuccess, text);
      return text;
    },
    bad: async (line: string) => {
      const { isSuccess, text } = await type(line);
      assert.ok(!isSuccess, text);
      return text;
    },
    json: async (line: string) => JSON.parse((await type(`${line} --json`)).text),
  };
}
