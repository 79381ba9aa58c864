import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  DateTime,
  decodeMethodCall,
  decodeMethodResponse,
  double,
  encodeFault,
  encodeMethodCall,
  encodeMethodResponse,
  type EncodeOptions,
  float,
  i2,
  i8,
  int,
  XmlRpcFault,
  XmlRpcSyntaxError,
  type XmlRpcValue,
} from "../../../src/xmlrpc/mod.ts";

const fixture = (name: string) =>
  Deno.readTextFileSync(new URL(`../../fixtures/ipopo/${name}`, import.meta.url));
const call = (value: string) =>
  `<methodCall><methodName>m</methodName><params><param>${value}</param></params></methodCall>`;
const decode = (value: string) => decodeMethodCall(call(`<value>${value}</value>`)).params[0];
const sent = (value: unknown, options: EncodeOptions = {}) =>
  /<param><value>(.*)<\/value><\/param>/s.exec(encodeMethodCall("m", [value], options))?.[1];
const roundTrip = (value: unknown) => decodeMethodResponse(encodeMethodResponse(value));

Deno.test("decodeMethodCall reads a captured call of Python", () => {
  const [, body = ""] = fixture("sayHello.request.http").split(/\r?\n\r?\n/);
  assert.deepEqual(decodeMethodCall(body), {
    methodName: "3.sayHello",
    params: ["ConsumerSync", "Hello Impl"],
  });
});

Deno.test("decodeMethodResponse reads captured replies of iPOPO", () => {
  assert.equal(
    decodeMethodResponse(fixture("sayHello.response.xml")),
    "PythonSync says: Howdy A that's a nice runtime you got there",
  );
  assert.throws(
    () => decodeMethodResponse(new TextEncoder().encode(fixture("unknownMethod.fault.xml"))),
    (error: XmlRpcFault) => {
      assert.ok(error instanceof XmlRpcFault);
      assert.equal(error.faultCode, 1);
      assert.equal(error.faultString, "<class 'pelix.rsa.RemoteServiceError'>:Unknown method nope");
      return true;
    },
  );
});

Deno.test("encodeMethodCall writes each type as its element", () => {
  const cases: [value: unknown, element: string][] = [
    [3, "<int>3</int>"],
    [-2147483648, "<int>-2147483648</int>"],
    [1.5, "<double>1.5</double>"],
    [-0, "<double>-0.0</double>"],
    [1e-7, "<double>0.0000001</double>"],
    [1.5e21, "<double>1500000000000000000000.0</double>"],
    [double(1), "<double>1.0</double>"],
    [5n, "<i8>5</i8>"],
    [i8(5), "<i8>5</i8>"],
    [int(5), "<int>5</int>"],
    [true, "<boolean>1</boolean>"],
    ["a<b>&\r\n", "<string>a&lt;b&gt;&amp;&#13;\n</string>"],
    [null, "<nil/>"],
    [
      new Date("2026-11-22T10:11:12.999Z"),
      "<dateTime.iso8601>20261122T10:11:12</dateTime.iso8601>",
    ],
    [Uint8Array.of(1, 2, 3), "<base64>AQID</base64>"],
    [new DataView(new ArrayBuffer(4), 1, 2), "<base64>AAA=</base64>"],
    [[], "<array><data></data></array>"],
    [{}, "<struct></struct>"],
    [[undefined], "<array><data><value><nil/></value></data></array>"],
    [{ a: undefined }, "<struct></struct>"],
    [new Set([1]), "<array><data><value><int>1</int></value></data></array>"],
    [
      new Map([["a", 1]]),
      "<struct><member><name>a</name><value><int>1</int></value></member></struct>",
    ],
  ];
  for (const [value, element] of cases) assert.equal(sent(value), element);
});

Deno.test("encodeMethodCall declares the dialect of Apache on the root element", () => {
  const document = encodeMethodCall("m", [null, 5n], { dialect: "apache" });
  assert.match(
    document,
    /<methodCall xmlns:ex="http:\/\/ws\.apache\.org\/xmlrpc\/namespaces\/extensions">/,
  );
  assert.match(document, /<ex:nil\/>.*<ex:i8>5<\/ex:i8>/);
  assert.deepEqual(decodeMethodCall(document).params, [null, 5n]);
  assert.match(
    encodeMethodCall("m", [i2(1), float(0.5)]),
    /xmlns:ex=.*<ex:i2>1<\/ex:i2>.*<ex:float>0\.5/,
  );
  assert.doesNotMatch(encodeMethodCall("m", [1]), /xmlns/);
});

Deno.test("encodeMethodCall refuses what XML-RPC cannot carry and names its place", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const cases: [value: unknown, message: RegExp][] = [
    [{ a: [NaN] }, /params\[0\]\.a\[0\].*NaN.*finite/],
    [Infinity, /Infinity/],
    [2 ** 31, /params\[0\].*more than 32 bits.*i8\(\) or double\(\)/],
    [() => 1, /a function/],
    [Symbol("x"), /a symbol/],
    [new (class Point {})(), /a Point.*plain object/],
    [new URL("http://h"), /it is a URL/],
    [Object.create({ inherited: 1 }), /an object with a prototype of its own; send a plain object/],
    [new Int16Array(1), /an? Int16Array/],
    [(function* () {})(), /a Generator; send an array/],
    [(async function* () {})(), /an? AsyncGenerator/],
    [Promise.resolve(1), /a Promise; await it/],
    [/x/, /a RegExp/],
    [cycle, /contains itself/],
    ["\0", /XML cannot carry.*Uint8Array/],
    ["\ud800", /XML cannot carry/],
    [new Date(NaN), /date/],
    [new Map([[1, 1]]), /key that is not a string/],
    [2n ** 63n, /i8/],
    [int(2 ** 31), /32 bits/],
    [new DateTime("</dateTime.iso8601><x/>"), /date/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => encodeMethodCall("m", [value]), message);
  }
  assert.throws(() => encodeMethodCall("m", [null], { allowNil: false }), /allow nil/);
  assert.throws(() => encodeMethodCall("a b"), /the name of a method/);
  assert.equal(sent(2 ** 31, { integers: "i8" }), "<i8>2147483648</i8>");
  assert.equal(sent(2 ** 31, { integers: "double" }), "<double>2147483648.0</double>");
  assert.equal(sent(-(2 ** 53), { integers: "strict" }), "<double>-9007199254740992.0</double>");
});

Deno.test("decodeMethodResponse returns every value as it was encoded", () => {
  const values = [
    0,
    -1,
    2147483647,
    1.5,
    -1e-300,
    1.7976931348623157e308,
    5n,
    -(2n ** 63n),
    true,
    false,
    null,
    "",
    " a \t\n",
    "\r\r\n",
    "ünïcödé \u{1F600} \u0085\u2028",
    "]]>",
    new Date(0),
    new Date("0001-01-01T00:00:00Z"),
    new Date("9999-12-31T23:59:59Z"),
    new Uint8Array(),
    Uint8Array.of(0, 255),
    [],
    [[]],
    [1, "a", [null]],
  ];
  for (const value of values) assert.deepEqual(roundTrip(value), value);
  const object = JSON.parse('{"": 1, "a b": {"__proto__": 2, "constructor": [], "toString": "x"}}');
  assert.deepEqual(
    JSON.stringify(roundTrip(object)),
    JSON.stringify(object),
  );
});

Deno.test("decodeMethodCall treats the name of every member as data", () => {
  const value = decode("<struct><member><name>__proto__</name><value>x</value></member></struct>");
  assert.ok(typeof value === "object" && value !== null);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.entries(value), [["__proto__", "x"]]);
  const names = ["constructor", "toString", "hasOwnProperty", "__proto__", "then", "0", ""];
  const members = names.map((name) => `<member><name>${name}</name><value>x</value></member>`);
  // Twice, as a struct that comes after its like is read in another way.
  const list = decode(
    `<array><data>${
      `<value><struct>${members.join("")}</struct></value>`.repeat(3)
    }</data></array>`,
  );
  assert.ok(Array.isArray(list));
  for (const struct of list) {
    assert.deepEqual(new Set(Object.keys(struct)), new Set(names));
    assert.equal(Object.getPrototypeOf(struct), Object.prototype);
  }
  const twice = `<value><struct>${members.join("")}${members[0]}</struct></value>`;
  assert.throws(() => decode(`<array><data>${twice}</data></array>`), /"constructor" twice/);
});

Deno.test("decodeMethodCall reads what peers send beyond the specification", () => {
  const cases: [xml: string, value: XmlRpcValue][] = [
    ["", ""],
    [" a &amp; b ", " a & b "],
    ["<string/>", ""],
    ["a<!-- x -->b<![CDATA[<&]]>&#x63;<?pi y?>d", "ab<&cd"],
    ["<int> +007 </int>", 7],
    ["<i4>-1</i4>", -1],
    ["<i8>9223372036854775807</i8>", 9223372036854775807n],
    ["<double>1e-07</double>", 1e-7],
    ["<double>.5</double>", 0.5],
    ["<double>5.</double>", 5],
    ["<boolean> 1\n</boolean>", true],
    ["<base64> A Q\nI&#10;D </base64>", Uint8Array.of(1, 2, 3)],
    ["<base64>AQ</base64>", Uint8Array.of(1)],
    ["<base64/>", new Uint8Array()],
    ["<nil></nil>", null],
    ["<ex:nil/>", null],
    ["<dateTime.iso8601>20261122T10:11:12</dateTime.iso8601>", new Date("2026-11-22T10:11:12Z")],
    [
      "<dateTime.iso8601>2026-11-22T10:11:12.5+01:00</dateTime.iso8601>",
      new Date("2026-11-22T09:11:12.5Z"),
    ],
    ["<dateTime.iso8601>20261122T101112Z</dateTime.iso8601>", new Date("2026-11-22T10:11:12Z")],
    ["\n <array> <data> <value>x</value> </data> </array>\n", ["x"]],
    [
      "<struct> <member> <value>v</value> </member> </struct>".replace(
        " <value>",
        "<name> n</name><value>",
      ),
      { " n": "v" },
    ],
    ["&#55296;".replace("&#55296;", "&#x1F600;"), "\u{1F600}"],
  ];
  for (const [xml, value] of cases) assert.deepEqual(decode(xml), value, xml);
  const own = '<methodCall xmlns:x="http://ws.apache.org/xmlrpc/namespaces/extensions">' +
    "<methodName>m</methodName><params><param><value><x:i8>1</x:i8></value></param></params></methodCall>";
  assert.deepEqual(decodeMethodCall(own).params, [1n]);
  assert.deepEqual(
    decodeMethodCall("<methodCall><methodName>m</methodName></methodCall>").params,
    [],
  );
  assert.deepEqual(
    decodeMethodCall("<methodCall><methodName>m</methodName><params/></methodCall>").params,
    [],
  );
});

Deno.test("decodeMethodCall converts line ends to LF, but not references", () => {
  assert.equal(decode("a\r\nb\rc&#13;\r<!-- -->\n"), "a\nb\nc\r\n\n");
});

Deno.test("decodeMethodCall decodes the encodings that peers use", () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const document = (encoding: string, text: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>${call(`<value>${text}</value>`)}`;
  const read = (document: Uint8Array) => decodeMethodCall(document).params[0];
  const utf8 = new TextEncoder().encode(document("UTF-8", "é"));
  assert.equal(read(utf8), "é");
  assert.equal(read(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8)), "é");
  assert.equal(read(bytes(document("ISO-8859-1", "\xe9\x80"))), "é\x80");
  assert.equal(read(new TextEncoder().encode(document("us-ascii", "é"))), "é");
  const utf16 = new Uint8Array(
    new Uint16Array([...`\ufeff${call("<value>é</value>")}`].map((c) => c.charCodeAt(0))).buffer,
  );
  assert.equal(read(utf16), "é");
  const fault = (document: Uint8Array, faultCode: number) =>
    assert.throws(() => decodeMethodCall(document), { name: "XmlRpcSyntaxError", faultCode });
  fault(bytes(document("UTF-8", "\xe9")), -32702);
  fault(bytes(document("EBCDIC", "\xe9")), -32701);
  fault(bytes(document("utf-7", "a")), -32701);
  assert.equal(read(bytes(document("EBCDIC", "a"))), "a");
});

Deno.test("decodeMethodCall refuses what is not well-formed as -32700, with place and expectation", () => {
  const documents = [
    "",
    "x",
    "<a",
    "<methodCall>",
    `${call("<value/>")}<more/>`,
    `${call("<value/>")}text`,
    " <?xml version='1.0'?>" + call("<value/>"),
    "<!DOCTYPE a>" + call("<value/>"),
    `<!DOCTYPE a [<!ENTITY x "y">]>${call("<value>&x;</value>")}`,
    ...[
      "&",
      "& ",
      "&nbsp;",
      "&constructor;",
      "&__proto__;",
      "&#0;",
      "&#xD800;",
      "&#xFFFE;",
      "&#x110000;",
      "&#55357;&#56832;",
    ]
      .map((text) => call(`<value>${text}</value>`)),
    ...[
      "]]>",
      "\0",
      "\ufffe",
      "<!-- -- -->",
      "<![CDATA[x",
      "<b",
      "</b>",
      "<b a=1/>",
      "<b a='<'/>",
      "<b a='1' a='2'/>",
    ]
      .map((text) => call(`<value>${text}</value>`)),
    call("<value>x</valuE>"),
  ];
  for (const document of documents) {
    assert.throws(() => decodeMethodCall(document), (error: XmlRpcSyntaxError) => {
      assert.ok(error instanceof XmlRpcSyntaxError, document);
      assert.equal(error.faultCode, -32700, `${document}: ${error.message}`);
      assert.match(error.message, /: expected .+ \(line \d+, column \d+\)$/s);
      return error.offset >= 0 && error.offset <= document.length;
    }, document);
  }
});

Deno.test("decodeMethodCall refuses XML that is not XML-RPC as -32600", () => {
  const values = [
    "<int>x</int>",
    "<int></int>",
    "<int>1 2</int>",
    "<int>0x10</int>",
    "<int>2147483648</int>",
    "<int>\u00a01</int>",
    "<i8>9223372036854775808</i8>",
    `<i8>${"9".repeat(500)}</i8>`,
    "<double>NaN</double>",
    "<double>Infinity</double>",
    "<double>1e999</double>",
    "<boolean>true</boolean>",
    "<boolean>2</boolean>",
    "<base64>A</base64>",
    "<base64>*</base64>",
    "<dateTime.iso8601>20260230T00:00:00</dateTime.iso8601>",
    "<dateTime.iso8601>20261301T00:00:00</dateTime.iso8601>",
    "<dateTime.iso8601>now</dateTime.iso8601>",
    "<nil>x</nil>",
    "<int>1</int><int>2</int>",
    "a<int>1</int>",
    "<int>1</int>a",
    "<string><b/></string>",
    "<unknown/>",
    "<ex:serializable>x</ex:serializable>",
    "<array/>",
    "<struct><member/></struct>",
    "<struct><member><name>a</name></member></struct>",
    "<struct><member><value/></member></struct>",
    "<struct><member><name>a</name><value/></member><member><name>a</name><value/></member></struct>",
  ];
  for (const value of values) {
    assert.throws(() => decode(value), { name: "XmlRpcSyntaxError", faultCode: -32600 }, value);
  }
  for (
    const document of [
      "<a/>",
      "<methodCall/>",
      "<methodCall><methodName>a b</methodName></methodCall>",
      "<methodCall><methodName/></methodCall>",
    ]
  ) {
    assert.throws(() => decodeMethodCall(document), { faultCode: -32600 }, document);
  }
  const responses = [
    "<methodResponse/>",
    "<methodResponse><params><param><value/></param><param><value/></param></params></methodResponse>",
    "<methodResponse><fault><value><struct><member/></struct></value></fault></methodResponse>",
  ];
  for (const document of responses) {
    assert.throws(() => decodeMethodResponse(document), { name: "XmlRpcSyntaxError" }, document);
  }
});

Deno.test("decodeMethodCall and encodeMethodCall limit depth, decodeMethodCall the number of values", () => {
  const nested = (depth: number) =>
    "<array><data><value>".repeat(depth) + "</value></data></array>".repeat(depth);
  assert.ok(Array.isArray(decode(nested(64))));
  assert.throws(() => decode(nested(65)), /nested so deeply/);
  assert.throws(() => decode(nested(100_000)), /nested so deeply/);
  const many = `<array><data>${"<value/>".repeat(100)}</data></array>`;
  assert.throws(
    () => decodeMethodCall(call(`<value>${many}</value>`), { maxValues: 100 }),
    /so many values/,
  );
  let deep: unknown = 1;
  for (let depth = 0; depth < 65; depth++) deep = [deep];
  assert.throws(() => encodeMethodResponse(deep), /more than 64 levels/);
});

Deno.test("encodeFault writes a fault that decodeMethodResponse throws", () => {
  const document = encodeFault(4, "Too <many> parameters\0");
  assert.match(document, /<name>faultCode<\/name><value><int>4<\/int>/);
  assert.throws(() => decodeMethodResponse(document), {
    faultCode: 4,
    faultString: "Too <many> parameters\ufffd",
  });
  assert.throws(() => decodeMethodResponse(encodeFault(new XmlRpcFault(1, ""))), {
    faultString: "Unknown error",
  });
});

Deno.test("encodeMethodResponse and decodeMethodResponse use local times on request", () => {
  const date = new Date(2026, 10, 22, 10, 11, 12);
  const document = encodeMethodResponse(date, { timeZone: "local" });
  assert.match(document, />20261122T10:11:12</);
  assert.deepEqual(decodeMethodResponse(document, { timeZone: "local" }), date);
});

Deno.test("decodeMethodCall refuses a truncated document as not well-formed", () => {
  const whole = call("<value><array><data><value><int>1</int></value></data></array></value>");
  for (let length = 0; length < whole.length; length++) {
    assert.throws(
      () => decodeMethodCall(whole.slice(0, length)),
      { faultCode: -32700 },
      whole.slice(0, length),
    );
  }
});

Deno.test("decodeMethodCall accepts the names and references of XML 1.0", () => {
  for (const attribute of ["a='1'", "é:b.-·='1'", "a=']]>'", "a='&lt;'"]) {
    assert.equal(decode(`<string ${attribute}>x</string>`), "x", attribute);
  }
  for (const attribute of ["×='1'", "\u0300='1'", "\u2028='1'", "-a='1'", "1='1'"]) {
    assert.throws(
      () => decode(`<string ${attribute}>x</string>`),
      { faultCode: -32700 },
      attribute,
    );
  }
  assert.equal(decode("&#x000000000000000041;"), "A");
});

Deno.test("decodeMethodCall joins halves of a character on request only", () => {
  const document = call("<value>&#55357;&#56832;!</value>");
  assert.throws(() => decodeMethodCall(document), { faultCode: -32700 });
  assert.deepEqual(decodeMethodCall(document, { joinSurrogates: true }).params, ["\u{1F600}!"]);
  const half = call("<value>&#55357;&#55357;</value>");
  assert.throws(() => decodeMethodCall(half, { joinSurrogates: true }), { faultCode: -32700 });
  const korean = call("<value>&#55192;&#55357;&#56832;&#xD83D;&#xDE00;</value>");
  assert.deepEqual(decodeMethodCall(korean, { joinSurrogates: true }).params, [
    "\ud798\u{1F600}\u{1F600}",
  ]);
});

Deno.test("XmlRpcSyntaxError has a short message whatever the document contains", () => {
  const long = "x".repeat(100_000);
  for (
    const value of [`<${long}/>`, `<int>${long}</int>`, `<string a='1' ${long}='1' ${long}='1'/>`]
  ) {
    assert.throws(
      () => decode(value),
      (error: Error) => error.message.length < 200,
      value.slice(0, 20),
    );
  }
});

Deno.test("encodeFault replaces a code that a peer cannot read", () => {
  for (const code of [0, 1.5, NaN, 5e9]) assert.match(encodeFault(code, "x"), /<int>-32603<\/int>/);
});

Deno.test("decodeMethodCall returns strings that do not keep the document in memory", () => {
  const text = "a text[0] of some length";
  const document = call(
    `<value><array><data><value>${text}</value><value>${
      "x".repeat(4_000_000)
    }</value></data></array></value>`,
  );
  const kept: unknown[] = [];
  const before = heapBytes();
  for (let time = 0; time < 20; time++) {
    const [items] = decodeMethodCall(`${document}<!--${time}-->`).params;
    kept.push(Array.isArray(items) ? items[0] : undefined);
  }
  assert.deepEqual(new Set(kept), new Set([text]));
  assert.ok(heapBytes() - before < 40_000_000, "20 documents of 4 MB would be 80 MB");
});

/** The heap after garbage has been collected, as far as V8 does it under pressure. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return Deno.memoryUsage().heapUsed;
}

Deno.test("decodeMethodCall changes no prototype, also where __proto__ works as in Node", async () => {
  const program = `
    import { decodeMethodCall } from "${new URL("../../../src/xmlrpc/mod.ts", import.meta.url)}";
    const member = "<member><name>__proto__</name><value><struct><member><name>polluted</name>" +
      "<value>yes</value></member></struct></value></member>";
    const value = "<value><struct>" + member + "</struct></value>";
    const { params } = decodeMethodCall("<methodCall><methodName>m</methodName><params><param>" +
      "<value><array><data>" + value + value + "</data></array></value></param></params></methodCall>");
    for (const struct of params[0]) {
      if ("polluted" in struct || Object.keys(struct)[0] !== "__proto__") throw new Error("polluted");
    }
    if ({}.polluted !== undefined || {}.__proto__ !== Object.prototype) throw new Error("polluted");
    console.log("clean");
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--unstable-unsafe-proto", "--ext=js", program],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(text(stdout), "clean\n", text(stderr));
});

Deno.test("decodeMethodCall reads rows as strictly as single values", () => {
  const list = (...values: string[]) =>
    `<array><data>${values.map((value) => `<value>${value}</value>`).join("")}</data></array>`;
  const member = (name: string, value = "<value>1</value>") =>
    `<member><name>${name}</name>${value}</member>`;
  const pair = (a: string, b: string) => `<struct>${member(a)}${member(b)}</struct>`;
  assert.deepEqual(decode(list(pair("a", "b"), pair("b", "a"), pair("a", "b"))), [
    { a: "1", b: "1" },
    { b: "1", a: "1" },
    { a: "1", b: "1" },
  ]);
  for (const twice of [pair("b", "b"), pair("a", "a")]) {
    assert.throws(() => decode(list(pair("a", "b"), twice)), /twice/);
    assert.throws(() => decode(list(pair("a", "b"), pair("b", "a"), twice)), /twice/);
  }
  const one = (value: string) => `<struct>${member("a", value)}</struct>`;
  for (const empty of ["<value/>", "<value><string/></value>"]) {
    const junk = empty.includes("string") ? "<value><string/>junk</value>" : "<value/>junk";
    assert.throws(() => decode(list(one(empty), one(junk))), { name: "XmlRpcSyntaxError" });
    assert.deepEqual(decode(list(one(empty), one("<value>x</value>"))), [{ a: "" }, { a: "x" }]);
  }
  const numbers = list(...Array.from({ length: 50 }, () => "<int>1</int>"));
  const structs = list(...Array.from({ length: 50 }, () => one("<value><int>1</int></value>")));
  for (const values of [numbers, structs]) {
    assert.throws(
      () => decodeMethodCall(call(`<value>${values}</value>`), { maxValues: 49 }),
      /so many values/,
    );
  }
  assert.equal(
    Object(decodeMethodCall(call(`<value>${numbers}</value>`), { maxValues: 51 }).params[0]).length,
    50,
  );
});

Deno.test("decodeMethodCall returns numbers and times as the options ask", () => {
  const numbers = call(
    "<value><array><data><value><i8>5</i8></value>" +
      "<value><i8>9007199254740993</i8></value></data></array></value>",
  );
  assert.deepEqual(decodeMethodCall(numbers, { i8As: "number" }).params, [[5, 9007199254740993n]]);
  assert.deepEqual(decodeMethodCall(numbers).params, [[5n, 9007199254740993n]]);
  const time = call("<value><dateTime.iso8601> 20261122T10:11:12 </dateTime.iso8601></value>");
  assert.deepEqual(decodeMethodCall(time, { dateTimeAs: "text" }).params, [" 20261122T10:11:12 "]);
  const typed = call("<value><ex:i2>7</ex:i2></value>");
  assert.deepEqual(decodeMethodCall(typed, { typedNumbers: true }).params, [i2(7)]);
  for (const text of ["<![CDATA[\x01]]>", "<!-- \x01 -->x", "<?p \x01?>x"]) {
    assert.throws(() => decode(text), { faultCode: -32700 }, text);
  }
  assert.throws(() => decodeMethodCall(time, { maxLength: time.length - 1 }), {
    faultCode: -32600,
  });
  assert.throws(() => decodeMethodCall(time, { maxDepth: 1e6 }), RangeError);
  assert.throws(() => encodeMethodCall("a".repeat(256)), /1 to 255/);
});

Deno.test("encodeMethodResponse writes any number of different member names, more than once", () => {
  const names = Array.from(
    { length: 1500 },
    (_, index) => `${index} & <${"x".repeat(index % 80)}>`,
  );
  const struct = Object.fromEntries(names.map((name, index) => [name, index]));
  for (let count = 0; count < 2; count++) {
    assert.deepEqual(decodeMethodResponse(encodeMethodResponse(struct)), struct);
  }
  for (let count = 0; count < 2; count++) {
    assert.throws(() => encodeMethodResponse({ "a\0": 1 }), /result\["a\\u0000"\]/);
  }
});
