import assert from "node:assert/strict";
import {
  completeCallError,
  createCallError,
  createNamedError,
  readRefusalReason,
  type RemoteCall,
  RemoteCallError,
  RemoteFault,
} from "../../src/distribution/mod.ts";
import { EndpointDescription } from "../../src/endpoint/mod.ts";
import { aCall } from "./provider_pair.ts";

const NAMES = { interfaceName: "a.B", method: "go", address: "http://h:80/x", endpointId: "1" };

function createCall(names: Partial<RemoteCall>): RemoteCall {
  const endpoint = new EndpointDescription({
    id: "1",
    interfaces: ["a.B", "a.Second"],
    configurationTypes: ["x"],
    containerId: NAMES.address,
  });
  return aCall(endpoint, { method: NAMES.method, ...names });
}

Deno.test("createNamedError puts the names of a call before a reason, and keeps it apart", () => {
  for (const reason of ["no answer", "", "Cannot call go of a.B: no", "Cannot call gone: no"]) {
    const error = createNamedError("closed", reason, NAMES);
    assert.equal(error.message, `Cannot call go of a.B at http://h:80/x: ${reason}`);
    assert.equal(error.reason, reason);
    const second = createNamedError("closed", reason, { ...NAMES, attempt: 2 });
    assert.equal(second.message, `Cannot call go of a.B at http://h:80/x (attempt 2): ${reason}`);
    assert.equal(second.reason, reason);
  }
  assert.equal(new RemoteCallError("closed", "it is closed").reason, "it is closed");
  assert.equal(new RemoteFault(42, "sold out", NAMES).reason, "sold out");
});

Deno.test("completeCallError names a call once, however often and in whatever state", () => {
  const call = createCall({ attempt: 2 });
  const message = "Cannot call go of a.B at http://h:80/x (attempt 2): no answer";
  const { interfaceName, method } = NAMES;
  for (
    const thrown of [
      new RemoteCallError("closed", "no answer"),
      createNamedError("closed", "no answer", { method }),
      createNamedError("closed", "no answer", { interfaceName, method }),
      createNamedError("closed", "no answer", { ...NAMES, attempt: 1 }),
      createCallError("closed", "no answer", call),
      completeCallError(new RemoteCallError("closed", "no answer"), call),
    ]
  ) {
    const error = completeCallError(thrown, call);
    assert.ok(error instanceof RemoteCallError);
    assert.deepEqual([error.message, error.reason, error.attempt], [message, "no answer", 2]);
  }
});

Deno.test("readRefusalReason cuts exactly the names that an exporter puts before a reason", () => {
  const call = createCall({ interfaceName: "a.Second" });
  for (
    const [message, reason] of [
      ["Cannot call go of a.B: no: never", "no: never"],
      ["Cannot call go: no service", "no service"],
      ["Cannot call go of a.Second: no", "Cannot call go of a.Second: no"],
      ["Cannot call gone of a.B: no", "Cannot call gone of a.B: no"],
      ["Cannot call go of a.B at http://h:80/x: no", "Cannot call go of a.B at http://h:80/x: no"],
      ["no", "no"],
    ] as const
  ) {
    assert.equal(readRefusalReason(message, call), reason);
  }
});

Deno.test("createNamedError leaves out what is not known, and credentials", () => {
  const { message } = createNamedError("endpoint-gone", "gone", { method: "go" });
  assert.equal(message, "Cannot call go: gone");
  const address = "http://ada:s3cret@h/x";
  for (const reason of ["no", `Cannot call 3.go at ${address}: no`, `at ${address}`]) {
    const error = createNamedError("unreachable", reason, { ...NAMES, address });
    assert.equal(error.address, "http://h/x");
    assert.ok(error.message.startsWith("Cannot call go of a.B at http://h/x: "), error.message);
    assert.ok(!error.message.includes("s3cret"), error.message);
  }
});

Deno.test("createNamedError escapes and bounds the names of a directory", () => {
  const names = {
    interfaceName: "a\nb",
    method: "go",
    address: `http://h/\u202e${"x".repeat(500)}`,
  };
  const { message } = createNamedError("closed", "no", names);
  assert.match(message, /^Cannot call go of a\\u\{a\}b at http:\/\/h\/\\u\{202e\}x+\.\.\.: no$/);
  assert.ok(message.length < 300);
});
