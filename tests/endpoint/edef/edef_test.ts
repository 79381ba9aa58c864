import assert from "node:assert/strict";
import fc from "../../support/fast_check.ts";
import { SaxesParser } from "saxes";
import { createRandom } from "../../../scripts/random.ts";
import { mutate } from "../../../scripts/xmlrpc/mutate.ts";
import {
  decodeEdef,
  EdefError,
  encodeEdef,
  type PropertyValue,
} from "../../../src/endpoint/mod.ts";
import { measureProcessorMs } from "../../support/processor_time.ts";
import { anEndpoint } from "../../support/endpoints.ts";

const fixture = Deno.readTextFileSync(new URL("../../fixtures/ipopo/edef.xml", import.meta.url));
const NAMESPACE = "http://www.osgi.org/xmlns/rsa/v1.0.0";

/** A document of one endpoint with a property put in. */
function withProperty(property: string): string {
  return fixture.replace("</endpoint-description>", `${property}</endpoint-description>`);
}

function read(property: string): unknown {
  const [endpoint] = decodeEdef(withProperty(property));
  return endpoint?.extras.get("p");
}

Deno.test("decodeEdef reads the file that iPOPO wrote", () => {
  const [endpoint, ...others] = decodeEdef(fixture);
  assert.ok(endpoint);
  assert.deepEqual(others, []);
  assert.equal(endpoint.id, "8dec6bee-10c6-45ca-80b9-48a156fce629");
  assert.deepEqual(endpoint.interfaces, ["org.eclipse.ecf.examples.hello.IHello"]);
  assert.equal(endpoint.remoteServiceId, 3);
  assert.equal(endpoint.timestampMs, 1_795_328_738_820);
  assert.deepEqual([...endpoint.extras], [
    ["service.id", 22],
    ["osgi.basic.timeout", 60_000],
    ["weight", 1.5],
    ["tags", ["a", 'b<&>"']],
  ]);
});

Deno.test("encodeEdef writes what iPOPO writes, in another order", async () => {
  const written = await encodeEdef(decodeEdef(fixture));
  const lines = (text: string) =>
    new Set([...text.matchAll(/<property [^>]*\/>|<property [^]*?<\/property>/g)]
      .map(([property]) => property.replace(/\s+/g, " ").replace("> <", "><")));
  assert.deepEqual(lines(written), lines(fixture));
  assert.match(
    written,
    /^<\?xml version="1\.0" encoding="utf-8"\?>\n<endpoint-descriptions xmlns=/,
  );
  assert.match(written, /\n\t<endpoint-description>\n\t\t<property name="objectClass"/);
});

Deno.test("decodeEdef reads each type of value", () => {
  const cases: [property: string, value: unknown][] = [
    ['<property name="p" value=" a &#10; b "/>', " a \n b "],
    ['<property name="p"> text </property>', " text "],
    ['<property name="p" value-type="Long" value=" 42 "/>', 42],
    ['<property name="p" value-type="long" value="9223372036854775807"/>', 9223372036854775807n],
    ['<property name="p" value-type="Byte" value="-128"/>', -128],
    ['<property name="p" value-type="Float" value="1.5f"/>', 1.5],
    ['<property name="p" value-type="double" value="NaN"/>', NaN],
    ['<property name="p" value-type="Boolean" value="TRUE"/>', true],
    ['<property name="p" value-type="boolean" value="no"/>', false],
    ['<property name="p" value-type="Character" value="x"/>', "x"],
    ['<property name="p" value-type="Character" value=" x "/>', "x"],
    ['<property name="p" value-type="Character" value=" "/>', " "],
    [
      '<property name="p" value-type="int"><array><value>1</value><value>2</value></array></property>',
      [1, 2],
    ],
    ["<property name='p'><list><value> a </value><value/></list></property>", [" a ", ""]],
    ["<property name='p'><set><value>a</value><value>a</value></set></property>", new Set(["a"])],
    [
      '<property name="p" value-type="byte"><array><value>1</value><value>-1</value></array></property>',
      Uint8Array.of(1, 255),
    ],
    ['<property name="p" value-type="Long" value="True"/>', true],
    ['<property name="p" value-type="Long" value="False"/>', false],
    [
      "<property name='p'><xml>\n<x:a xmlns:x='urn:x' b='1'>c &amp; <d/></x:a>\n</xml></property>",
      "<x:a xmlns:x='urn:x' b='1'>c &amp; <d/></x:a>",
    ],
    ["<property name='p'><array/></property>", []],
    ["<x:property xmlns:x='urn:other' name='p' value='ignored'/>", undefined],
    ["<!-- <property/> --><property name='p' value='x'/>", "x"],
  ];
  for (const [property, value] of cases) {
    assert.deepEqual(read(property), value, property);
  }
  const prefixed = fixture.replace(
    "<endpoint-descriptions xmlns=",
    "<endpoint-descriptions xmlns:r='urn:r' xmlns=",
  );
  assert.equal(decodeEdef(`\ufeff${prefixed}`).length, 1);
  const other = fixture.replaceAll(
    /<(\/?)(endpoint-descriptions?|property|array|value)/g,
    "<$1e:$2",
  )
    .replace("xmlns=", "xmlns:e=");
  assert.deepEqual(decodeEdef(other).map(({ id }) => id), decodeEdef(fixture).map(({ id }) => id));
});

Deno.test("decodeEdef refuses an invalid property and names it", () => {
  const cases: [property: string, message: RegExp][] = [
    ['<property value="x"/>', /a property has no name/],
    ['<property name="p" value-type="Version" value="1"/>', /property p has no type Version/],
    ['<property name="p" value-type="string" value="1"/>', /no type string/],
    [
      '<property name="p" value-type="Integer" value="2147483648"/>',
      /property p has "2147483648" as Integer/,
    ],
    ['<property name="p" value-type="Long" value="1.0"/>', /p has "1.0" as Long/],
    ['<property name="p" value-type="char" value="xy"/>', /"xy" as char/],
    ['<property name="p" value="x"><array/></property>', /more than one value/],
    ['<property name="p"><array/><list/></property>', /more than one value/],
    ['<property name="p"><xml/></property>', /one element/],
    ['<property name="p" value-type="Long"><xml><a/></xml></property>', /p has xml as Long/],
    ['<property name="p"/>', /p has no value/],
    ['<property name="p" value="1"/><property name="p" value="2"/>', /the property p twice/],
    ['<property name="OBJECTCLASS" value="a.B"/>', /OBJECTCLASS .*in any letter case/],
  ];
  for (const [property, message] of cases) {
    assert.throws(() => read(property), (error) => {
      assert.ok(error instanceof EdefError, property);
      return message.test(error.message);
    }, property);
  }
  assert.throws(() => decodeEdef(Object(5)), TypeError, "a mistake of the caller");
  const without = fixture.replace(/<property name="endpoint.id"[^>]*>/, "");
  assert.throws(() => decodeEdef(without), /as endpoint\.id of an endpoint/);
});

Deno.test("decodeEdef refuses hostile documents with an EdefError", () => {
  const root = (inside: string) =>
    `<endpoint-descriptions xmlns="${NAMESPACE}">${inside}</endpoint-descriptions>`;
  const bomb = `<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]>${root("&z;")}`;
  const documents = [
    "",
    "hello",
    "{}",
    "<a/>",
    bomb,
    root("<!DOCTYPE a>"),
    `${root("")}${root("")}`,
    root("<a>"),
    root("</a>"),
    root("<a></b>"),
    root("a & b"),
    root("&nbsp;"),
    root("&#0"),
    "\0",
    root("<a b=c/>"),
    root("<a b='<'/>"),
    root("<!-- -- -->"),
    root("<![CDATA["),
    `${root("")}x`,
    root("<a>".repeat(100_000) + "</a>".repeat(100_000)),
    root("x".repeat(1_100_000)),
    root("").replace("v1.0.0", "v9"),
    root("<a b='1' b='2'/>"),
    root("&#xD800;"),
    root("&#0;"),
    root("&#9999999;"),
    root("<1a/>"),
    `${root("")}<![CDATA[x]]>`,
    ` <?xml version="1.0"?>${root("")}`,
    root("<?xml version='1.0'?>"),
    root("<p:a/>"),
  ];
  for (const document of documents) {
    assert.throws(() => decodeEdef(document), EdefError, document.slice(0, 200));
  }
  assert.deepEqual(decodeEdef(root("")), []);
});

Deno.test("decodeEdef returns what encodeEdef was given, types included", async () => {
  const text = fc.string({ unit: fc.constantFrom(..."a é<>&\"'\t\n\r😀]") });
  const value = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true }).filter((number) => !Number.isInteger(number)),
    fc.array(text),
    fc.array(fc.integer(), { minLength: 1 }),
    fc.array(text).map((items) => new Set(items)),
    fc.array(fc.oneof(fc.integer(), fc.constant(0.5)), { minLength: 1 }).filter((items) =>
      items.includes(0.5)
    ),
  );
  const name = fc.stringMatching(/^x[\w.-]{0,12}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(name, value), { maxLength: 3 }), async (list) => {
      const endpoints = list.map((extras) => {
        const entries = Object.entries(extras);
        const seen = new Set<string>();
        const unique = entries.filter(([name]) =>
          !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase())
        );
        return anEndpoint({ extras: new Map<string, PropertyValue>(unique), timestampMs: 5 });
      });
      assert.deepEqual(decodeEdef(await encodeEdef(endpoints)), endpoints);
    }),
    { numRuns: 1000 },
  );
  await assert.rejects(
    encodeEdef([anEndpoint({ extras: new Map([["x", "\0"]]) })]),
    /XML cannot carry/,
  );
});

/** A document with the given descriptions. */
function createDocument(...descriptions: string[]): string {
  const inside = descriptions.map((text) => `<endpoint-description>${text}</endpoint-description>`);
  return `<endpoint-descriptions xmlns="${NAMESPACE}">${inside.join("")}</endpoint-descriptions>`;
}

const MINIMAL = `
  <property name=" Endpoint.ID " value=" http://example.com:9000/greeter "/>
  <property name="OBJECTCLASS"><array><value>
    com.example.Greeter
  </value></array></property>
  <property name="service.imported.CONFIGS" value="org.apache.cxf.ws"/>`;

Deno.test("decodeEdef reads descriptions without properties of ECF and in any letter case", () => {
  const [endpoint] = decodeEdef(createDocument(MINIMAL));
  assert.equal(endpoint?.id, "http://example.com:9000/greeter");
  assert.deepEqual(endpoint?.interfaces, ["com.example.Greeter"]);
  assert.deepEqual(endpoint?.configurationTypes, ["org.apache.cxf.ws"]);
  assert.equal(endpoint?.serviceId, 0);
  assert.equal(endpoint?.frameworkUuid, undefined);
  assert.equal(endpoint?.containerId, undefined);
  const zero = '<property name="endpoint.service.id" value-type="Long" value="0"/>';
  assert.equal(decodeEdef(createDocument(MINIMAL + zero))[0]?.serviceId, 0);
  const inside = `<feature xmlns="urn:f"><x/>${createDocument(MINIMAL)}</feature>`;
  assert.equal(decodeEdef(inside).length, 1);
});

Deno.test("decodeEdef reports a bad description and keeps the good ones", () => {
  const bad = MINIMAL.replace(
    "<property",
    '<property name="n" value-type="Long" value="x"/><property',
  )
    .replace("greeter", "bad");
  const document = createDocument(MINIMAL, bad, MINIMAL.replace("greeter", "other"), "");
  const errors: EdefError[] = [];
  const ids = decodeEdef(document, { onError: (error) => errors.push(error) }).map(({ id }) => id);
  assert.deepEqual(ids, ["http://example.com:9000/greeter", "http://example.com:9000/other"]);
  assert.equal(errors.length, 2);
  assert.equal(
    errors[0]?.message,
    'Cannot read the endpoint http://example.com:9000/bad (line 6): the property n has "x" as Long',
  );
  assert.throws(() => decodeEdef(document), (error) => {
    assert.ok(error instanceof EdefError);
    assert.deepEqual(error.endpoints.map(({ id }) => id), ids);
    assert.equal(error.errors.length, 2);
    return error.line === 6;
  });
});

Deno.test("decodeEdef decodes bytes as the XML declaration says", () => {
  const text = '<property name="p" value="10 €"/>';
  const body = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>${createDocument(MINIMAL + text)}`;
  const cp1252 = Uint8Array.from(body("cp1252"), (c) => c === "€" ? 0x80 : c.charCodeAt(0));
  const utf16 = new Uint8Array(
    Uint16Array.from(`\ufeff${body("utf-16")}`, (c) => c.charCodeAt(0)).buffer,
  );
  for (const bytes of [cp1252, utf16, new TextEncoder().encode(body("UTF-8"))]) {
    assert.equal(decodeEdef(bytes)[0]?.extras.get("p"), "10 €");
  }
  assert.throws(() => decodeEdef(new TextEncoder().encode(body("nonsense"))), EdefError);
});

Deno.test("decodeEdef keeps xml readable alone, with the prefixes declared further out", () => {
  const document = createDocument(
    MINIMAL + '<property name="p"><xml><y:a y:b="1">é<![CDATA[<]]></y:a></xml></property>',
  ).replace("xmlns=", 'xmlns:y="urn:y&amp;z" xmlns=');
  assert.equal(
    decodeEdef(document)[0]?.extras.get("p"),
    '<y:a xmlns:y="urn:y&amp;z" y:b="1">é<![CDATA[<]]></y:a>',
  );
});

Deno.test("encodeEdef keeps the types of properties", async () => {
  const extras = new Map<string, PropertyValue>([
    ["n", 5],
    ["f", 0.5],
    ["list", ["a", "b c"]],
    ["on", true],
    ["big", 2n ** 60n],
    ["when", new Date(0)],
    ["bytes", Uint8Array.of(1, 255)],
    ["empty", []],
  ]);
  const written = (await encodeEdef([anEndpoint({ extras })])).replace(/>\s+</g, "><");
  for (
    const property of [
      '<property name="n" value-type="Long" value="5" />',
      '<property name="f" value-type="Double" value="0.5" />',
      '<property name="list" value-type="String"><array><value>a</value><value>b c</value></array></property>',
      '<property name="on" value-type="Boolean" value="true" />',
      '<property name="bytes" value-type="String" value="Af8=" />',
      '<property name="when" value-type="String" value="1970-01-01T00:00:00.000Z" />',
    ]
  ) assert.ok(written.includes(property), property);
  const read = new Map(decodeEdef(written)[0]?.extras);
  assert.deepEqual([read.get("when"), read.get("bytes")], ["1970-01-01T00:00:00.000Z", "Af8="]);
  for (const name of ["n", "f", "list", "on", "big", "empty"]) {
    assert.deepEqual(read.get(name), extras.get(name), name);
  }
});

Deno.test("encodeEdef refuses a property without a name, which no reader accepts", async () => {
  await assert.rejects(encodeEdef([anEndpoint({ extras: new Map([[" ", 5]]) })]), {
    name: "TypeError",
    message: /^Cannot write the property " " of the endpoint .*: it has no name; leave it out/,
  });
});

Deno.test("encodeEdef names the property and the endpoint that XML cannot carry", async () => {
  for (const value of ["a\u0001b", ["fine", "\ud800"], new Set(["\ufffe"])]) {
    const endpoints = [
      anEndpoint({}),
      anEndpoint({ id: "other", extras: new Map([["odd", value]]) }),
    ];
    await assert.rejects(encodeEdef(endpoints), {
      name: "TypeError",
      message: /^Cannot write the property "odd" of the endpoint other: XML cannot carry "/,
    });
  }
});

Deno.test("decodeEdef reads or refuses a damaged document with an EdefError", () => {
  const random = createRandom(20261125);
  let read = 0;
  for (let index = 0; index < 3000; index++) {
    const isText = index % 2 === 0;
    const damaged = isText ? mutate(random, fixture) : mutate(random, fixture).toWellFormed();
    try {
      decodeEdef(isText ? damaged : new TextEncoder().encode(damaged));
    } catch (error) {
      assert.ok(error instanceof EdefError, `${error} for ${damaged}`);
      continue;
    }
    new SaxesParser({ xmlns: true }).write(damaged).close();
    read++;
  }
  assert.ok(read > 100 && read < 2900, `${read} read`);
});

Deno.test("decodeEdef refuses a number of many digits at once", () => {
  const property = `<property name="p" value-type="Double" value="${"1".repeat(100_000)}x"/>`;
  const ms = measureProcessorMs(() => assert.throws(() => read(property), EdefError));
  assert.ok(ms < 1000, `${ms} ms`);
});
