import assert from "node:assert/strict";
import { createNamedError } from "../../src/distribution/mod.ts";

const NAMES = { interfaceName: "a.B", method: "go", address: "http://h:80/x", endpointId: "1" };

/** Reasons as they are thrown, and the messages that they end in. */
const MESSAGES: readonly [reason: string, message: string][] = [
  ["no answer", "Cannot call go of a.B at http://h:80/x: no answer"],
  ["", "Cannot call go of a.B at http://h:80/x: "],
  ["Cannot call go: no answer", "Cannot call go of a.B at http://h:80/x: no answer"],
  ["Cannot call go of a.B: no answer", "Cannot call go of a.B at http://h:80/x: no answer"],
  ["Cannot call go of other.C: no: answer", "Cannot call go of a.B at http://h:80/x: no: answer"],
  [
    "Cannot call 3.go at http://h/x: no answer",
    "Cannot call go of a.B at http://h:80/x: no answer",
  ],
  ["Cannot call go (attempt 7): no answer", "Cannot call go of a.B at http://h:80/x: no answer"],
  ["Cannot call go as ada: no", "Cannot call go of a.B at http://h:80/x as ada: no"],
  ["Cannot call go", "Cannot call go of a.B at http://h:80/x: Cannot call go"],
  ["Cannot call gone: no", "Cannot call go of a.B at http://h:80/x: Cannot call gone: no"],
  [
    "Cannot call go of a.B at http://other/x: no",
    "Cannot call go of a.B at http://h:80/x: Cannot call go of a.B at http://other/x: no",
  ],
];

Deno.test("createNamedError puts the names of a call before a reason, and each of them once", () => {
  for (const [reason, message] of MESSAGES) {
    assert.equal(createNamedError("closed", reason, NAMES).message, message);
    const later = message.replace("http://h:80/x", "http://h:80/x (attempt 2)");
    assert.equal(createNamedError("closed", reason, { ...NAMES, attempt: 2 }).message, later);
    assert.equal(createNamedError("closed", message, NAMES).message, message, "as it is");
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
