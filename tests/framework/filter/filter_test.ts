import assert from "node:assert/strict";
import fc from "../../support/fast_check.ts";
import { escapeFilterValue, Filter, FilterSyntaxError } from "../../../src/framework/mod.ts";
import { measureProcessorMs } from "../../support/processor_time.ts";

/**
 * `filter ~ properties ~ result`, checked against OSGi's own filter in Java. Of the
 * types, whole numbers are bigints here, and characters and versions are left out.
 */
const CASES = Deno.readTextFileSync(
  new URL("../../fixtures/osgi/filter_cases.txt", import.meta.url),
);

/** Cases with another result than OSGi's: decimal strings are ordered as numbers. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([[`(a>=10) ~ a="9" ~ true`, "false"]]);

function parseProperties(text: string): Record<string, unknown> | undefined {
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

Deno.test("Filter matches as OSGi's own filter, but for the documented differences", () => {
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
    const properties = parseProperties(text);
    if (properties === undefined) continue;
    matched++;
    const expected = DIFFERENCES.get(line) ?? result;
    assert.equal(String(new Filter(filter).matches(properties)), expected, line);
  }
  assert.ok(checked > 90 && matched > 60, `${checked} cases, ${matched} matched`);
});

Deno.test("Filter finds own properties by name in any letter case", () => {
  assert.ok(new Filter("(OBJECTCLASS=a.B)").matches({ objectClass: ["a.B", "c.D"] }));
  assert.ok(!new Filter("(constructor=*)").matches({}));
  assert.ok(!new Filter("(__proto__=*)").matches({ a: 1 }));
  assert.ok(new Filter("(__proto__=x)").matches(JSON.parse('{"__proto__": "x"}')));
});

Deno.test("Filter compares by the type of the property, lists and sets by any element", () => {
  assert.ok(new Filter("(a=1.0)").matches({ a: 1 }));
  assert.ok(new Filter("(a>=1e3)").matches({ a: 2000 }));
  assert.ok(!new Filter("(a<=0x10)").matches({ a: 2 }));
  assert.ok(new Filter("(a=NaN)").matches({ a: NaN }));
  assert.ok(new Filter("(a>=5)").matches({ a: new Set([1, "x", 7]) }));
  assert.ok(!new Filter("(a=5 5)").matches({ a: 55 }));
  assert.ok(!new Filter("(a=)").matches({ a: 0 }));
  assert.ok(!new Filter("(a=x)").matches({ a: () => {} }));
  assert.ok(!new Filter("(a=)").matches({ a: false }), "an empty value is no Boolean");
  const circular: unknown[] = ["x"];
  circular.push(circular);
  assert.ok(!new Filter("(a=y)").matches({ a: circular }));
  assert.ok(new Filter("(a=2026-01-02T00:00:00Z)").matches({ a: new Date("2026-01-02") }));
  assert.ok(new Filter("(a<=2026-01-03)").matches({ a: new Date("2026-01-02") }));
  assert.ok(!new Filter("(a<=soon)").matches({ a: new Date("2026-01-02") }));
  assert.ok(new Filter("(a>=9007199254740993)").matches({ a: 9007199254740993n }));
  assert.ok(!new Filter("(a>=1.5)").matches({ a: 2n }), "a fraction is no bigint, as in OSGi");
});

Deno.test("Filter reads dates of ISO 8601 only, in UTC if they have no zone", () => {
  const a = new Date("2026-06-30T10:00:00Z");
  const matches = (filter: string) => new Filter(filter).matches({ a });
  for (const same of ["2026-06-30T10:00", "2026-06-30t10:00:00.000z", "2026-06-30T12:00+02:00"]) {
    assert.ok(matches(`(a=${same})`), same);
  }
  assert.ok(matches("(a>=2026)") && matches("(a>=2026-06)") && matches("(a<=+002027-01-01)"));
  for (const other of ["5", "10", "Jan 5 2026", "June", "2026-13-01", "x 2026", "2026-06-30 10"]) {
    assert.ok(!matches(`(a>=${other})`) && !matches(`(a<=${other})`), other);
  }
});

Deno.test("Filter reads what LDAP has after RFC 1960 as names and values, as OSGi does", () => {
  const matches = (filter: string, properties: Record<string, unknown>) =>
    new Filter(filter).matches(properties);
  assert.ok(matches("(a!=1)", { "a!": "1" }) && !matches("(a!=1)", { a: "2" }));
  assert.ok(matches("(a==1)", { a: "=1" }) && matches("(a=>1)", { a: ">1" }));
  assert.ok(matches("(a=\\2a)", { a: "2a" }) && matches("(a:dn:=1)", { "a:dn:": "1" }));
});

Deno.test("Filter refuses what is no string, and says what it is", () => {
  for (const text of [5, null, undefined, {}, ["(a=1)"], () => true]) {
    assert.throws(() => Reflect.construct(Filter, [text]), {
      name: "TypeError",
      message: `Cannot read a filter of the type ${typeof text}: give a string, such as ` +
        '"(colour=red)"',
    });
  }
});

Deno.test("Filter orders decimal strings as numbers and all other strings as text", () => {
  const matches = (filter: string, a: unknown) => new Filter(filter).matches({ a });
  assert.ok(matches("(a>=10)", "12") && !matches("(a>=10)", "9"));
  assert.ok(matches("(a<=10)", "9.5") && !matches("(a<=10)", "1e2"));
  assert.ok(matches("(a>=-2)", "-1") && !matches("(a>=-1)", "-2"));
  assert.ok(matches("(a>=9007199254740992)", "9007199254740993"));
  assert.ok(!matches("(a>=9007199254740993)", "9007199254740992"), "whole numbers are exact");
  assert.ok(matches("(a>=10)", "9x"), "one of them is no number");
  assert.ok(matches("(a>=1.9)", "1.10") === false, "not a version");
  assert.ok(matches("(a>=10)", ["1", "12"]));
  assert.ok(!matches("(a=10)", "10.0") && !matches("(a~=10)", "1e1"), "= compares text");
  assert.ok(matches("(a>=b)", "c") && !matches("(a>=b)", "B"));
  assert.ok(!matches("(a=true)", "True") && matches("(a~=true)", "True"), "Python's booleans");
});

Deno.test("Filter matches a pattern in linear time", () => {
  const half = "a".repeat(50_000);
  const text = "a".repeat(1_000_000);
  const usedMs = measureProcessorMs(() => {
    assert.ok(!new Filter(`(t=*${half}b${half}*)`).matches({ t: text }));
    assert.ok(!new Filter(`(t=${"*a".repeat(50_000)}*b)`).matches({ t: text }));
    assert.ok(new Filter(`(t=*${half}*${half}*)`).matches({ t: text }));
  });
  assert.ok(usedMs < 10_000, "a quadratic search takes a minute");
});

Deno.test("Filter matches a pattern as a regular expression does", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "b", "\u00e4"), maxLength: 4 });
  const pieces = fc.array(piece, { minLength: 2, maxLength: 5 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\u00e4"), maxLength: 20 });
  fc.assert(
    fc.property(pieces, text, (pieces, text) => {
      fc.pre(pieces.some((piece) => piece !== ""));
      const expected = new RegExp(`^${pieces.join("[^]*")}$`).test(text);
      assert.equal(new Filter(`(t=${pieces.join("*")})`).matches({ t: text }), expected);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("Filter.equals ignores insignificant white space only", () => {
  const filter = new Filter("(&(a=b)(c=d))");
  assert.ok(filter.equals(new Filter(" ( & ( a=b) (c=d) ) ")));
  assert.equal(String(new Filter("(& (a =*  ))")), "(&(a=*))");
  assert.equal(String(new Filter("(a=**)")), "(a=**)", "any string, which is not presence");
  assert.ok(!filter.equals(new Filter("(&(a=b )(c=d))")));
  assert.ok(!filter.equals("(&(a=b)(c=d))"));
});

const value = fc.string({ minLength: 1 }).filter((text) => text.trim() !== "");
const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,10}$/);

Deno.test("escapeFilterValue makes a value match only itself", () => {
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

Deno.test("Filter.toString parses to an equal filter, and its logic is Boolean", () => {
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

Deno.test("Filter parses any string or throws a FilterSyntaxError, also a deeply nested one", () => {
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
