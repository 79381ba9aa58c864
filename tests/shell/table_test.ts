import assert from "node:assert/strict";
import { drawTable, formatValue } from "../../src/shell/table.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

Deno.test("drawTable draws as Pelix does", () => {
  const transcript = Deno.readTextFileSync(
    new URL("../fixtures/ipopo/shell.txt", import.meta.url),
  );
  const drawn = [
    drawTable(["ID", "Specifications", "Bundle", "Ranking"], [[
      "22",
      formatValue([IHELLO]),
      "Bundle(ID=19, Name=samples.rsa.helloimpl_xmlrpc)",
      "0",
    ]]),
    drawTable(["Endpoint ID", "Container ID", "Service ID"], [[
      "8dec6bee-10c6-45ca-80b9-48a156fce629",
      "http://127.0.0.1:8181/xml-rpc",
      "22",
    ]]),
  ];
  for (const table of drawn) assert.ok(transcript.includes(table), table);
  assert.equal(drawTable(["A"], []), "+---+\n| A |\n+===+\n");
  assert.equal(
    drawTable(["Even"], [["a\nb"]]),
    "+------+\n| Even |\n+======+\n| a b  |\n+------+\n",
  );
});

Deno.test("formatValue formats as Pelix does", () => {
  assert.equal(formatValue(["a", "it's", 1]), `['a', "it's", 1]`);
  assert.equal(formatValue(new Set(["a"])), "{'a'}");
  assert.equal(formatValue(Uint8Array.of(1, 2)), "2 bytes");
  assert.equal(formatValue({ a: 1n }), '{"a":"1"}');
  assert.equal(formatValue(1n), "1");
});
