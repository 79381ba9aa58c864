import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { AsyncResource } from "node:async_hooks";
import { Console } from "node:console";
import { Server } from "node:http";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { runInNewContext } from "node:vm";
import { createMethodTable, createRemoteProxy } from "../../src/distribution/mod.ts";

function call(service: object, name: string, allowed?: string[]): unknown {
  return createMethodTable(service, allowed).get(name)?.(1, 2);
}

class Base {
  inherited() {
    return "inherited";
  }
}

class Service extends Base {
  public = () => "own";
  callback = undefined;
  readonly #secret = "secret";
  get getter(): never {
    throw new Error("no getter may run");
  }
  add(a: number, b: number) {
    return a + b;
  }
  _hidden() {
    return this.#secret;
  }
  then() {}
  toJSON() {}
  override toString() {
    return "text";
  }
}

Deno.test("createMethodTable has the methods of an object and of its classes", () => {
  const service = new Service();
  const { names, forward } = createMethodTable(service);
  assert.deepEqual(names, ["public", "add", "inherited"]);
  assert.equal(forward, undefined);
  assert.equal(call(service, "add"), 3);
  for (const name of ["constructor", "toString", "then", "toJSON", "_hidden", "getter", "nope"]) {
    assert.equal(call(service, name), undefined, name);
  }
});

Deno.test("createMethodTable hides a method behind a nearer member that is not one", () => {
  class Closed extends Base {
    override inherited = undefined as never;
    other() {}
  }
  assert.deepEqual(createMethodTable(new Closed()).names, ["other"]);
});

/** A class as compilers write it for ES5. */
function OldClass() {}
OldClass.prototype.method = () => 1;

Deno.test("createMethodTable refuses what no client can call", () => {
  const cases: [service: object, message: RegExp][] = [
    [Promise.resolve({}), /Cannot export a promise: await it/],
    [runInNewContext("Promise.resolve({ add() {} })"), /Cannot export a promise/],
    [{ then() {}, catch() {}, add() {} }, /Cannot export a promise/],
    [Map, /Cannot export the class Map: give an instance/],
    [URL, /Cannot export the class URL/],
    [OldClass, /Cannot export the class OldClass/],
    [Service, /Cannot export the class Service: give an instance/],
    [class {}, /the class \(anonymous\)/],
    [new Proxy(Service, {}), /the class Service: give an instance of it, or name its static/],
    [new Proxy(function () {}, {}), /Cannot export a function: it has no callable method/],
    [Math, /Cannot export Math: it belongs to the runtime; give your own object, or name/],
    ...[JSON, console, Reflect, Intl, Deno, globalThis.process, WebAssembly].map((
      object,
    ): [object, RegExp] => [object, /Cannot export \w+: it belongs to the runtime/]),
    [{}, /Cannot export an object: it has no callable method/],
    [{ size: 1 }, /no callable method/],
    [() => 1, /Cannot export a function: it has no callable method; give an object that has it/],
    [[() => 1], /Cannot export a list: give an object with methods/],
    [[], /Cannot export a list/],
    [globalThis, /Cannot export the global object: give your own/],
    [(function* () {})(), /Cannot export an object of Generator: it has no callable method/],
    [(async function* () {})(), /an object of AsyncGenerator/],
    [[].values(), /an object of Array Iterator/],
    [new Map().entries(), /an object of Map Iterator/],
    ["".matchAll(/a/g), /an object of RegExp String Iterator/],
    [new (class Empty {})(), /an object of Empty/],
    [{ "find-all": () => 1 }, /Cannot export the method "find-all": not every client/],
    [{ "math.add": () => 1 }, /"math\.add"/],
    [{ größe: () => 1 }, /"größe"/],
    [{ "": () => 1 }, /""/],
  ];
  for (const [service, message] of cases) {
    assert.throws(() => createMethodTable(service), { name: "TypeError", message });
  }
});

Deno.test("createMethodTable has no function that the constructor of a built-in class sets", () => {
  class Log extends Console {
    own() {}
    override error = () => "mine";
  }
  const log = new Log(new Writable({ write() {} }));
  assert.ok(Object.hasOwn(log, "table"));
  assert.deepEqual(createMethodTable(log).names?.toSorted(), ["error", "own"]);
  assert.equal(call(log, "error"), "mine");
  class Site extends Server {
    own() {}
    field = () => 1;
  }
  assert.deepEqual(createMethodTable(new Site()).names, ["field", "own"]);
  class Decoder extends StringDecoder {
    own() {}
  }
  assert.deepEqual(createMethodTable(new Decoder("utf8")).names, ["own"]);
  const bound = Object.create({ own: (() => 1).bind(null) });
  assert.deepEqual(createMethodTable(bound).names, ["own"], "a prototype of the program");
  assert.deepEqual(createMethodTable({ max: Math.max }).names, ["max"], "a function of the engine");
});

/** Objects of built-in classes, and of classes that extend them. */
const BUILT_IN: readonly [name: string, service: object][] = [
  [
    "Map",
    new (class extends Map {
      own() {}
    })(),
  ],
  [
    "Set",
    new (class extends Set {
      own() {}
    })(),
  ],
  [
    "WeakMap",
    new (class extends WeakMap {
      own() {}
    })(),
  ],
  [
    "Array",
    new (class extends Array {
      own() {}
    })(),
  ],
  [
    "Date",
    new (class extends Date {
      own() {}
    })(),
  ],
  [
    "RegExp",
    new (class extends RegExp {
      own() {}
    })("x"),
  ],
  [
    "Error",
    new (class extends TypeError {
      own() {}
    })(),
  ],
  [
    "Uint8Array",
    new (class extends Uint8Array {
      own() {}
    })(),
  ],
  [
    "ArrayBuffer",
    new (class extends ArrayBuffer {
      own() {}
    })(1),
  ],
  [
    "EventTarget",
    new (class extends EventTarget {
      own() {}
    })(),
  ],
  [
    "AbortController",
    new (class extends AbortController {
      own() {}
    })(),
  ],
  [
    "URL",
    new (class extends URL {
      own() {}
    })("http://a"),
  ],
  [
    "Headers",
    new (class extends Headers {
      own() {}
    })(),
  ],
  [
    "EventEmitter",
    new (class extends EventEmitter {
      own() {}
    })(),
  ],
  [
    "Readable",
    new (class extends Readable {
      own() {}
    })(),
  ],
  [
    "AsyncResource",
    new (class extends AsyncResource {
      own() {}
    })("test"),
  ],
  [
    "Socket",
    new (class extends Socket {
      own() {}
    })(),
  ],
  [
    "NumberFormat",
    new (class extends Intl.NumberFormat {
      own() {}
    })(),
  ],
  [
    "Iterator",
    new (class extends Iterator<number> {
      own() {}
      override next() {
        return { done: true as const, value: undefined };
      }
    })(),
  ],
];

Deno.test("createMethodTable never has methods inherited from built-in classes", () => {
  for (const [name, service] of BUILT_IN) {
    const { names = [] } = createMethodTable(service);
    assert.deepEqual(names.filter((one) => one !== "next"), ["own"], name);
  }
  assert.throws(() => createMethodTable(new Map()), /an object of Map: it has no callable method/);
  assert.throws(() => createMethodTable(new Map(), ["get"]), {
    message: "Cannot export the method get: it is inherited from Map",
  });
  assert.throws(() => createMethodTable(new EventEmitter(), ["emit"]), /from EventEmitter/);
  assert.throws(() => createMethodTable(new Server(), ["listen"]), /is inherited from/);
  class Overriding extends Map<string, number> {
    override get(key: string) {
      return key.length;
    }
  }
  assert.equal(createMethodTable(new Overriding()).get("get")?.("abc"), 3);
});

Deno.test("createMethodTable with allowed names has these only", () => {
  const service = new Service();
  assert.deepEqual(createMethodTable(service, ["add"]).names, ["add"]);
  assert.equal(call(service, "inherited", ["add"]), undefined);
  assert.throws(() => createMethodTable(service, ["ad"]), {
    message: "Cannot export the method ad: the object has no such method; did you mean add?",
  });
  for (const name of ["_hidden", "constructor", "then", "a-b"]) {
    assert.throws(() => createMethodTable(service, [name]), /Cannot export the method "/, name);
  }
  assert.throws(() => createMethodTable(service, []), /no callable method/);
});

Deno.test("createMethodTable with allowed names explains members that are no methods", () => {
  const odd = {
    size: 1,
    get late(): unknown {
      throw new Error("not yet");
    },
    sizes: () => [1],
  };
  assert.throws(() => createMethodTable(odd, ["size"]), {
    message: "Cannot export the method size: the object has no such method; did you mean sizes?",
  });
  assert.throws(() => createMethodTable(odd, ["late"]), {
    name: "TypeError",
    message: "Cannot export the method late: reading it fails with not yet; give a method, or a " +
      "getter that returns one",
  });
  assert.equal(call(Math, "max", ["max"]), 2);
  class Factory {
    static create = (a: number, b: number) => a + b;
  }
  assert.equal(call(Factory, "create", ["create"]), 3);
});

Deno.test("createMethodTable looks allowed methods of a JavaScript proxy up by its get trap", () => {
  const service = new Proxy({}, {
    get: (_, name) => name === "add" ? (a: number, b: number) => a + b : undefined,
  });
  assert.throws(() => createMethodTable(service), /name them with methods/);
  assert.equal(call(service, "add", ["add"]), 3);
});

Deno.test("createMethodTable has the exports of modules, getters included", async () => {
  const moduleExports = await import("../../src/util/mod.ts");
  assert.ok(createMethodTable(moduleExports, ["toMessage"]).get("toMessage"));
  assert.ok(createMethodTable(moduleExports).names?.includes("backoffMs"));
  let factor = 1;
  const commonJs = Object.defineProperties({}, {
    __esModule: { value: true },
    scale: { enumerable: true, get: () => (value: number) => value * factor },
    size: { enumerable: true, get: () => 3 },
  });
  const table = createMethodTable(commonJs);
  assert.deepEqual(table.names, ["scale"]);
  factor = 10; // exports of modules are live
  assert.equal(table.get("scale")?.(2), 20);
  const plain: object = createRequire(import.meta.url)("../fixtures/common_js/getters.cjs");
  assert.deepEqual(createMethodTable(plain).names, ["add", "subtract"]);
  assert.equal(createMethodTable(plain).get("add")?.(1, 2), 3);
});

Deno.test("createMethodTable forwards every method of a remote proxy", async () => {
  const calls: unknown[] = [];
  let methodNames: readonly string[] | undefined = undefined;
  const proxy = createRemoteProxy({
    label: "remote",
    get methodNames() {
      return methodNames;
    },
    call: (...call) => Promise.resolve(calls.push(call)),
  });
  const table = createMethodTable(proxy);
  assert.equal(table.names, undefined);
  await table.forward?.("anything", [1, 2], { deadlineMs: 5 });
  assert.deepEqual(calls, [["anything", [1, 2], { deadlineMs: 5 }]]);
  assert.equal(table.get("_private"), undefined);
  methodNames = ["greet"];
  assert.deepEqual(table.names, ["greet"]);
  assert.equal(createMethodTable(proxy, ["greet"]).get("anything"), undefined);
});
