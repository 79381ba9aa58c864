import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeFilterValue, Filter, FilterSyntaxError } from "../../src/framework/mod.ts";

/**
 * `filter ~ properties ~ result`, checked against OSGi's own filter in Java. Of the
 * types, whole numbers are bigints here, and characters and versions are left out.
 */
const CASES = Deno.readTextFileSync(
  new URL("../fixtures/osgi/filter_cases.txt", import.meta.url),
);

function propertiesOf(text: string): Record<string, unknown> | undefined {
  if (text === "-") return {};
  const properties: Record<string, unknown> = {};
  // Names may hold spaces and operators: the value begins at the first = before a literal.
  for (const part of text.split(/,(?=[^\]]*(?:\[|$))(?=[^",]*=)/)) {
    const [, name, value] = /^(.+?)=((?:["'[\d-]|true|false|null|v\d).*)$/s.exec(part) ?? [];
    if (name === undefined || value === undefined) return undefined;
    if (/'|\bv\d/.test(value)) return undefined;
    const json = value.replace(/(?<!")\b(\d+)L/g, '{"long":"$1"}').replace(/(\d)d\b/g, "$1");
    properties[name] = JSON.parse(json, (_, item) => item?.long ? BigInt(item.long) : item);
  }
  return properties;
}

Deno.test("filters match as OSGi's own do", () => {
  let [checked, matched] = [0, 0];
  for (const line of CASES.split("\n")) {
    const [, filter, text, result] = /^(.*?) ~ (.*) ~ (true|false|syntax \d+)$/s.exec(line) ?? [];
    if (filter === undefined || text === undefined || result === undefined) continue;
    checked++;
    if (result.startsWith("syntax")) {
      assert.throws(() => new Filter(filter), (error) => {
        assert.ok(error instanceof FilterSyntaxError);
        assert.equal(`syntax ${error.offset}`, result, `${line}: ${error.message}`);
        return true;
      }, line);
      continue;
    }
    const properties = propertiesOf(text);
    if (properties === undefined) continue;
    matched++;
    assert.equal(String(new Filter(filter).matches(properties)), result, line);
  }
  assert.ok(checked > 90 && matched > 60, `${checked} cases, ${matched} matched`);
});

Deno.test("names are looked up without case, and only where they are own properties", () => {
  assert.ok(new Filter("(OBJECTCLASS=a.B)").matches({ objectClass: ["a.B", "c.D"] }));
  assert.ok(!new Filter("(constructor=*)").matches({}));
  assert.ok(!new Filter("(__proto__=*)").matches({ a: 1 }));
  assert.ok(new Filter("(__proto__=x)").matches(JSON.parse('{"__proto__": "x"}')));
});

Deno.test("numbers are one type, lists and sets match by any element", () => {
  assert.ok(new Filter("(a=1.0)").matches({ a: 1 }));
  assert.ok(new Filter("(a>=1e3)").matches({ a: 2000 }));
  assert.ok(!new Filter("(a<=0x10)").matches({ a: 2 }));
  assert.ok(new Filter("(a=NaN)").matches({ a: NaN }));
  assert.ok(new Filter("(a>=5)").matches({ a: new Set([1, "x", 7]) }));
  assert.ok(!new Filter("(a=5 5)").matches({ a: 55 }));
  assert.ok(!new Filter("(a=)").matches({ a: 0 }));
  assert.ok(!new Filter("(a=x)").matches({ a: () => {} }));
});

const value = fc.string({ minLength: 1 }).filter((text) => text.trim() !== "");
const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,10}$/);

Deno.test("an escaped value matches just itself", () => {
  fc.assert(
    fc.property(name, value, value, (name, text, other) => {
      const filter = new Filter(`(${name}=${escapeFilterValue(text)})`);
      assert.ok(filter.matches({ [name]: text }));
      assert.equal(filter.matches({ [name]: other }), other === text);
      assert.ok(
        new Filter(`(${name}=${escapeFilterValue(text)}*)`).matches({ [name]: text + other }),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a filter's text reads back as the same filter, and logic is Boolean", () => {
  const item = fc.tuple(name, fc.constantFrom("=", ">=", "<=", "~="), value)
    .map(([name, operator, value]) => `(${name}${operator}${escapeFilterValue(value)})`);
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4 },
      item,
      fc.tuple(fc.constantFrom("&", "|"), fc.array(tie("filter"), { minLength: 1, maxLength: 3 }))
        .map(([operator, parts]) => `( ${operator} ${parts.join(" ")} )`),
      tie("filter").map((part) => `(!${part})`),
    ),
  }));
  const properties = fc.dictionary(name, fc.oneof(value, fc.integer(), fc.boolean()));
  fc.assert(
    fc.property(filter, filter, properties, (a, b, properties) => {
      const [first, second] = [new Filter(a), new Filter(b)];
      assert.equal(String(new Filter(String(first))), String(first));
      const [x, y] = [first.matches(properties), second.matches(properties)];
      assert.equal(new Filter(`(&${a}${b})`).matches(properties), x && y);
      assert.equal(new Filter(`(|${a}${b})`).matches(properties), x || y);
      assert.equal(new Filter(`(!${a})`).matches(properties), !x);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("any text is a filter or a syntax error, also a deep one", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."()&|!=<>~*\\ ab1") }), (text) => {
      try {
        new Filter(text).matches({ a: "b", b: 1 });
      } catch (error) {
        assert.ok(error instanceof FilterSyntaxError);
        assert.ok(error.offset >= 0 && error.offset <= text.length);
      }
    }),
    { numRuns: 3000 },
  );
  assert.throws(() => new Filter("(!".repeat(100_000)), /at most 200 levels/);
});
