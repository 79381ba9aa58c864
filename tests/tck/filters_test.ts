// Facts of the OSGi test suite for filters (OSGi Core, 3.2.7), one test for each id.
import assert from "node:assert/strict";
import { Filter, Framework } from "../../src/framework/mod.ts";

type Properties = Readonly<Record<string, unknown>>;

/** Checks that a filter matches, with an object and as the filter of a registry. */
function accepts(filter: string, properties: Properties): void {
  assert.ok(find(filter, properties), `${filter} matches`);
}

function rejects(filter: string, properties: Properties): void {
  assert.ok(!find(filter, properties), `${filter} does not match`);
}

function find(filter: string, properties: Properties): boolean {
  const { registry } = new Framework();
  registry.register("com.example.A", {}, properties);
  const isFound = registry.getReferences("com.example.A", filter).length === 1;
  assert.equal(new Filter(filter).matches(properties), isFound);
  return isFound;
}

function refuses(filter: string): void {
  assert.throws(() => new Filter(filter), { name: "FilterSyntaxError" }, JSON.stringify(filter));
}

Deno.test("FI-01 Filter tests for presence", () => {
  accepts("(room=*)", { room: "bedroom" });
  accepts("(room=*)", { room: "" });
  accepts("(room=*)", { room: 0 });
  accepts("(room=*)", { room: [] });
  rejects("(room=*)", {});
  rejects("(room=*)", { room: null });
  rejects("(room=*)", { room: undefined });
});

Deno.test("FI-02 Filter compares the names of properties without letter case", () => {
  accepts("(ROOM=bedroom)", { room: "bedroom" });
  accepts("(room=bedroom)", { Room: "bedroom" });
  rejects("(room=BEDROOM)", { room: "bedroom" });
});

Deno.test("FI-03 Filter with ~= ignores letter case and white space", () => {
  accepts("(room~=b e d r o o m)", { room: "BedRoom" });
  accepts("(room~= BEDROOM )", { room: "bed room" });
  rejects("(room~=bathroom)", { room: "bedroom" });
  accepts("(size~=5)", { size: 5 });
});

Deno.test("FI-04 Filter orders text by characters and numbers by value, equality included", () => {
  accepts("(name>=abc)", { name: "abd" });
  accepts("(name>=abc)", { name: "abc" });
  rejects("(name>=abc)", { name: "abb" });
  accepts("(name<=abc)", { name: "Abc" });
  for (const size of [10, 10n, 10.0]) {
    accepts("(size>=10)", { size });
    accepts("(size<=10)", { size });
    accepts("(size>=9)", { size });
    rejects("(size>=11)", { size });
  }
});

Deno.test("FI-05 Filter finds the pieces of a pattern in order, with anchored ends", () => {
  accepts("(room=b*d*m)", { room: "bedroom" });
  accepts("(room=*e*r*)", { room: "bedroom" });
  rejects("(room=*r*e*)", { room: "bedroom" });
  rejects("(room=e*)", { room: "bedroom" });
  rejects("(room=*o)", { room: "bedroom" });
  rejects("(room=bed*droom)", { room: "bedroom" });
  accepts("(room=b*b)", { room: "bb" });
  rejects("(room=b*b)", { room: "b" });
  accepts("(room=***b***m***)", { room: "bedroom" });
});

Deno.test("FI-06 Filter ignores white space around names and operators, not in values", () => {
  accepts("  (  &  ( room =bedroom)  ( size  >=1 ) )  ", { room: "bedroom", size: 1 });
  rejects("(room= bedroom)", { room: "bedroom" });
  accepts("(room= bedroom )", { room: " bedroom " });
});

Deno.test("FI-07 Filters that differ only in insignificant white space are equal", () => {
  const [first, second] = [new Filter("(&(a=b)(!(c=d)))"), new Filter(" ( & (a =b) ( ! (c=d)) )")];
  assert.ok(first.equals(second) && second.equals(first));
  assert.equal(String(first), String(second));
  assert.ok(!first.equals(new Filter("(&(a= b)(!(c=d)))")));
});

Deno.test("FI-08 Filter combines parts with and, or and not", () => {
  const properties = { a: "1", b: "2" };
  accepts("(&(a=1)(b=2))", properties);
  rejects("(&(a=1)(b=3))", properties);
  accepts("(|(a=0)(b=2))", properties);
  rejects("(|(a=0)(b=0))", properties);
  accepts("(!(&(a=1)(|(b=0)(c=*))))", properties);
  accepts("(&(a=1))", properties);
});

Deno.test("FI-09 Filter reads escaped characters in values as themselves", () => {
  accepts("(text=\\(a\\*b\\\\c\\))", { text: "(a*b\\c)" });
  accepts("(text=*\\**)", { text: "a*b" });
  rejects("(text=*\\**)", { text: "ab" });
  accepts("(text=\\a)", { text: "a" });
});

Deno.test("FI-10 Filter accepts names that begin with an operator or a star", () => {
  accepts("(!ab=b)", { "!ab": "b" });
  accepts("(|ab=b)", { "|ab": "b" });
  accepts("(&ab=b)", { "&ab": "b" });
  accepts("(!=b)", { "!": "b" });
  accepts("(|=b)", { "|": "b" });
  accepts("(&=b)", { "&": "b" });
  accepts("(*=b)", { "*": "b" });
  accepts("(*ab=b)", { "*ab": "b" });
});

Deno.test("FI-11 Filter accepts spaces inside names", () => {
  accepts("(a b=c)", { "a b": "c" });
  accepts("( a  b =c)", { "a  b": "c" });
});

Deno.test("FI-12 Filter compares arrays and sets by any element", () => {
  accepts("(list=b)", { list: ["a", "b"] });
  accepts("(list=b)", { list: new Set(["a", "b"]) });
  rejects("(list=c)", { list: ["a", "b"] });
  accepts("(list>=5)", { list: [1, 7] });
  accepts("(list=b*)", { list: [1, "bc"] });
  accepts("(list=255)", { list: Uint8Array.of(1, 255) });
  rejects("(list=2)", { list: Uint8Array.of(1, 255) });
  accepts("(list>=7.5)", { list: Float64Array.of(1, 7.5) });
  accepts("(list=5)", { list: BigInt64Array.of(5n) });
  rejects("(list=0)", { list: new DataView(new ArrayBuffer(1)) });
  accepts("(!(list=c))", { list: [] });
});

Deno.test("FI-13 Filter converts its value to the type of the property", () => {
  accepts("(p=5)", { p: 5 });
  accepts("(p= 5 )", { p: 5 });
  accepts("(p=+5)", { p: 5n });
  accepts("(p=-1.5e1)", { p: -15 });
  accepts("(p=123456789012345678901234567890)", { p: 123456789012345678901234567890n });
  accepts("(p=true)", { p: true });
  accepts("(p=TRUE)", { p: true });
  accepts("(p=false)", { p: false });
  rejects("(p=false)", { p: true });
  accepts("(p=c)", { p: "c" });
});

Deno.test("FI-14 Filter with a value that is no number does not match a number", () => {
  for (const operator of ["=", "~=", ">=", "<="]) {
    rejects(`(p${operator}abc)`, { p: 5 });
    rejects(`(p${operator}abc)`, { p: 5n });
    rejects(`(p${operator}5x)`, { p: 5 });
  }
});

Deno.test("FI-15 Filter with an empty value does not match a number or a Boolean", () => {
  for (const p of [0, 5, 0n, 5n, true, false]) {
    rejects("(p=)", { p });
    rejects("(p= )", { p });
  }
  accepts("(p=)", { p: "" });
});

Deno.test("FI-16 Filter orders Booleans, dates and text by their type", () => {
  accepts("(p>=false)", { p: true });
  rejects("(p>=true)", { p: false });
  accepts("(p~=TRUE)", { p: true });
  accepts("(p>=2026-01-01T00:00:00Z)", { p: new Date("2026-01-01T00:00:00Z") });
  rejects("(p<=2026-01-01T00:00:00Z)", { p: new Date("2026-01-01T00:00:00.001Z") });
  rejects("(p>=yesterday)", { p: new Date() });
});

Deno.test("FI-17 Filter with wildcards does not match a scalar that is no text", () => {
  for (const p of [5, 5n, true, new Date(5)]) {
    rejects("(p=5*)", { p });
    rejects("(p=*5)", { p });
    rejects("(p=t*)", { p });
    rejects("(p=**)", { p });
  }
});

Deno.test("FI-18 Filter compares no value of an unknown type, but finds that it is present", () => {
  class Colour {
    constructor(readonly name: string) {}
    toString = () => this.name;
  }
  rejects("(p=red)", { p: new Colour("red") });
  accepts("(p=*)", { p: new Colour("red") });
});

Deno.test("FI-19 Filter does not match objects, functions and null, and never throws", () => {
  for (const p of [{ a: 1 }, () => 1, Symbol("s"), null, undefined, new Map()]) {
    for (const value of ["1", "", "[object Object]", "null", "1*"]) {
      rejects(`(p=${value})`, { p });
    }
  }
});

Deno.test("FI-20 Filter refuses malformed strings", () => {
  for (
    const filter of [
      "",
      " ",
      "()",
      "(=v)",
      "(",
      ")",
      "(a=b",
      "a=b)",
      "a=b",
      "(a=b))",
      "((a=b)",
      "((a=b))",
      "(a)",
      "(a=b(c)",
      "(a=(b))",
      "(a=b)(c=d)",
      "(&)",
      "(|)",
      "(!)",
      "(&&(a=b))",
      "(||(a=b))",
      "(!!(a=b))",
      "(!(a=b)(c=d))",
      "(&(a=b)c)",
      "(a>b)",
      "(a<b)",
      "(a~b)",
      "(a>=)",
      "(a<=)",
      "(a~=)",
      "(a=b\\)",
      "(&(a=b)(c))",
      "(a> =b)",
      "(= =b)",
    ]
  ) refuses(filter);
});

Deno.test("FI-21 Filter has a text form that parses to an equal filter", () => {
  for (
    const filter of [
      "( & ( a =b ) ( | (c>=1)(d<=2) ) ( ! (e~= F ) ) )",
      "(a=*)",
      "(a=**)",
      "(a=*b*\\**)",
      "(a=\\(\\)\\\\)",
      "(a= b )",
      "(&ab=c)",
    ]
  ) {
    const parsed = new Filter(filter);
    assert.ok(new Filter(String(parsed)).equals(parsed), filter);
    assert.equal(String(new Filter(String(parsed))), String(parsed));
  }
});
