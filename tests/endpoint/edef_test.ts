import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeEdef, EdefError, encodeEdef } from "../../src/rsa/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";

const fixture = Deno.readTextFileSync(new URL("../fixtures/ipopo/edef.xml", import.meta.url));
const NAMESPACE = "http://www.osgi.org/xmlns/rsa/v1.0.0";

/** A document of one endpoint with a property put in. */
function withProperty(property: string): string {
  return fixture.replace("</endpoint-description>", `${property}</endpoint-description>`);
}

function read(property: string): unknown {
  const [endpoint] = decodeEdef(withProperty(property));
  return endpoint?.extras.get("p");
}

Deno.test("the file that iPOPO wrote is read", () => {
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

Deno.test("what is written is what iPOPO writes, but for the order", () => {
  const written = encodeEdef(decodeEdef(fixture));
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

Deno.test("each type of value is read", () => {
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
    [
      '<property name="p" value-type="int"><array><value>1</value><value>2</value></array></property>',
      [1, 2],
    ],
    ["<property name='p'><list><value> a </value><value/></list></property>", [" a ", ""]],
    ["<property name='p'><set><value>a</value><value>a</value></set></property>", ["a"]],
    ["<property name='p'><array/></property>", []],
    [
      "<property name='p'><xml><x:a xmlns:x='urn:x' b='1'>c<d/></x:a></xml></property>",
      '<x:a xmlns:x="urn:x" b="1">c<d/></x:a>',
    ],
    ["<x:property xmlns:x='urn:other' name='p' value='ignored'/>", undefined],
    ["<!-- <property/> --><property name='p' value='x'/>", "x"],
  ];
  for (const [property, value] of cases) {
    const found = read(property);
    if (property.includes("x:a")) {
      assert.equal(
        String(found).replace('<d xmlns="http://www.osgi.org/xmlns/rsa/v1.0.0"/>', "<d/>"),
        value,
      );
    } else assert.deepEqual(found, value, property);
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

Deno.test("values that do not fit, and properties that are none, are refused by name", () => {
  const cases: [property: string, message: RegExp][] = [
    ['<property value="x"/>', /has no name/],
    ['<property name="p" value-type="Version" value="1"/>', /property p: no type Version/],
    ['<property name="p" value-type="string" value="1"/>', /no type string/],
    ['<property name="p" value-type="Integer" value="2147483648"/>', /as Integer, the property p/],
    ['<property name="p" value-type="Long" value="1.0"/>', /"1.0" as Long/],
    ['<property name="p" value-type="char" value="xy"/>', /"xy" as char/],
    ['<property name="p" value="x"><array/></property>', /more than one value/],
    ['<property name="p"><array/><list/></property>', /more than one value/],
    ['<property name="p"><xml/></property>', /one element/],
  ];
  for (const [property, message] of cases) {
    assert.throws(() => read(property), (error) => {
      assert.ok(error instanceof EdefError, property);
      return message.test(error.message);
    }, property);
  }
  const without = fixture.replace(/<property name="endpoint.id"[^>]*>/, "");
  assert.throws(() => decodeEdef(without), /no endpoint\.id/);
});

Deno.test("hostile documents are refused with an error", () => {
  const root = (inside: string) =>
    `<endpoint-descriptions xmlns="${NAMESPACE}">${inside}</endpoint-descriptions>`;
  const bomb = `<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]>${root("&z;")}`;
  const documents = [
    ...["", "hello", "{}", "<a/>", bomb, root("<!DOCTYPE a>"), `${root("")}${root("")}`],
    ...[
      root("<a>"),
      root("</a>"),
      root("<a></b>"),
      root("a & b"),
      root("&nbsp;"),
      root("&#0"),
      "\0",
    ],
    ...[
      root("<a b=c/>"),
      root("<a b='<'/>"),
      root("<!-- -- -->"),
      root("<![CDATA["),
      `${root("")}x`,
    ],
    ...[root("<a>".repeat(100_000) + "</a>".repeat(100_000)), root("x".repeat(1_100_000))],
    root("").replace("v1.0.0", "v9"),
    ...[
      root("<a b='1' b='2'/>"),
      root("&#xD800;"),
      root("&#0;"),
      root("&#9999999;"),
      root("<1a/>"),
    ],
    ...[
      `${root("")}<![CDATA[x]]>`,
      ` <?xml version="1.0"?>${root("")}`,
      root("<?xml version='1.0'?>"),
    ],
    root(`<a ${Array.from({ length: 60_000 }, (_, index) => `b${index}=''`).join(" ")}/>`),
  ];
  for (const document of documents) {
    assert.throws(() => decodeEdef(document), EdefError, document.slice(0, 200));
  }
  assert.deepEqual(decodeEdef(root("")), []);
});

Deno.test("endpoints are written and read back, whatever their properties hold", () => {
  const text = fc.string({ unit: fc.constantFrom(..."a é<>&\"'\t\n\r😀]") });
  const value = fc.oneof(
    ...[text, fc.integer(), fc.boolean(), fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n })],
    fc.double({ noNaN: true }).filter((number) => !Number.isInteger(number)),
    ...[fc.array(text, { minLength: 1 }), fc.array(fc.integer(), { minLength: 1 })],
  );
  const name = fc.stringMatching(/^x[\w.-]{0,12}$/);
  fc.assert(
    fc.property(fc.array(fc.dictionary(name, value), { maxLength: 3 }), (list) => {
      const endpoints = list.map((extras) =>
        anEndpoint({ extras: new Map(Object.entries(extras)), timestampMs: 5 })
      );
      assert.deepEqual(decodeEdef(encodeEdef(endpoints)), endpoints);
    }),
    { numRuns: 1000 },
  );
  assert.throws(
    () => encodeEdef([anEndpoint({ extras: new Map([["x", "\0"]]) })]),
    /XML can't carry/,
  );
});
