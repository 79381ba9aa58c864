import assert from "node:assert/strict";
import {
  type AuthorizeMethod,
  bearerAuth,
  createXmlRpcHandler,
  currentCall,
  decodeMethodResponse,
  encodeMethodCall,
  type HandlerOptions,
} from "../../../src/xmlrpc/mod.ts";

/** Names of the methods that ran. */
interface Stage {
  readonly ran: string[];
  call(methodName: string, params?: readonly unknown[], token?: string): Promise<Response>;
}

function createStage(authorize: AuthorizeMethod, options: HandlerOptions = {}): Stage {
  const ran: string[] = [];
  const note = () => ran.push(currentCall()?.methodName ?? "no current call") && "done";
  const handle = createXmlRpcHandler({
    read: note,
    write: note,
    never: () => new Promise(() => {}),
  }, {
    authenticate: bearerAuth({ a: "ada", b: "bob" }),
    authorize,
    ...options,
  });
  return {
    ran,
    call: (methodName, params = [], token = "a") => {
      const headers = { "content-type": "text/xml", authorization: `Bearer ${token}` };
      const body = encodeMethodCall(methodName, params);
      return handle(new Request("http://server/RPC2", { method: "POST", headers, body }));
    },
  };
}

async function assertDenied(response: Response, methodName: string): Promise<void> {
  assert.equal(response.status, 403);
  assert.equal(response.headers.get("x-osgi-executed"), "no");
  const text = await response.text();
  assert.throws(() => decodeMethodResponse(text), {
    name: "XmlRpcFault",
    faultCode: -32003,
    faultString: `Cannot call ${methodName}: the caller may not call it`,
  });
}

const rule = ({ principal, methodName }: { principal: unknown; methodName: string }) =>
  methodName === "read" || Object(principal).name === "ada";

for (const isAsync of [false, true]) {
  const authorize: AuthorizeMethod = isAsync ? (call) => Promise.resolve(rule(call)) : rule;
  Deno.test(`createXmlRpcHandler runs only what authorize allows${isAsync ? ", async" : ""}`, async () => {
    const { call, ran } = createStage(authorize);
    assert.equal((await call("write", [], "a")).status, 200);
    assert.equal((await call("read", [], "b")).status, 200);
    assert.deepEqual(ran, ["write", "read"]);
    await assertDenied(await call("write", [], "b"), "write");
    await assertDenied(await call("no.such.method", [], "b"), "no.such.method");
    await assertDenied(await call("system.listMethods", [], "b"), "system.listMethods");
    assert.equal((await call("system.listMethods", [], "a")).status, 200);
    assert.deepEqual(ran, ["write", "read"]);
  });
}

Deno.test("createXmlRpcHandler asks authorize for each call within a multicall", async () => {
  const asked: string[] = [];
  const { call, ran } = createStage(({ methodName }) => {
    asked.push(methodName);
    return methodName !== "write";
  });
  const calls = ["read", "write", "read"].map((methodName) => ({ methodName, params: [] }));
  const response = await call("system.multicall", [calls]);
  assert.deepEqual(decodeMethodResponse(await response.text()), [
    ["done"],
    { faultCode: -32003, faultString: "Cannot call write: the caller may not call it" },
    ["done"],
  ]);
  assert.deepEqual(ran, ["read", "read"]);
  assert.deepEqual(asked, ["system.multicall", "read", "write", "read"]);
});

Deno.test("createXmlRpcHandler denies a call if authorize fails or returns no boolean", async () => {
  const error = new Error("the directory of users is away");
  const failures: AuthorizeMethod[] = [
    () => {
      throw error;
    },
    () => Promise.reject(error),
  ];
  for (const authorize of failures) {
    const errors: unknown[] = [];
    const { call, ran } = createStage(authorize, {
      onError: (...values) => void errors.push(values),
    });
    await assertDenied(await call("read"), "read");
    assert.deepEqual([errors, ran], [[[error, "authorize"]], []]);
  }
  for (const answer of [undefined, 1, "yes", {}, Promise.resolve("yes"), new Response()]) {
    const { call, ran } = createStage(() => answer as boolean);
    await assertDenied(await call("read"), "read");
    assert.deepEqual(ran, []);
  }
  assert.throws(() => createXmlRpcHandler({}, { authorize: "all" as never }), TypeError);
});

Deno.test("createXmlRpcHandler runs nothing that is allowed after the time of the call", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const { call, ran } = createStage(() => promise, { callTimeoutMs: 5 });
  const text = await (await call("read")).text();
  assert.match(text, /read did not answer within 5 ms/);
  resolve(true);
  await promise;
  await Promise.resolve();
  assert.deepEqual(ran, []);
});
