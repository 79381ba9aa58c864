import assert from "node:assert/strict";
import { hideCredentials, toPrintable } from "../../../src/util/mod.ts";
import fc from "../../support/fast_check.ts";
import { measureProcessorMs } from "../../support/processor_time.ts";

Deno.test("hideCredentials() leaves user names and passwords out of URLs", () => {
  assert.equal(hideCredentials("at http://a:b@h/x, https://c@i"), "at http://h/x, https://i");
  assert.equal(hideCredentials("http://a b:c'\"d@h/x"), "http://h/x");
  assert.equal(hideCredentials("at http://a:it's@h/x"), "at http://h/x");
  assert.equal(hideCredentials("at http:a:b@h, HTTPS:\\\\a:b@h"), "at http:h, HTTPS:\\\\h");
  assert.equal(hideCredentials("mail a@b.c, http://h/x?y=a@b"), "mail a@b.c, http://h/x?y=a@b");
  assert.equal(hideCredentials("http://h:80/a@b http://[::1]/@"), "http://h:80/a@b http://[::1]/@");
  assert.equal(hideCredentials("http://h,http://a:b@i:80"), "http://h,http://i:80");
  assert.equal(hideCredentials("http://a:pass/word@h/x"), "http://h/x", "also if it is no URL");
});

const piece = (...texts: string[]) => fc.constantFrom(...texts);

/** URLs with the password SECRET, as people and programs write them. */
const URLS = fc.tuple(
  piece("", " ", "\x01"),
  piece("http", "HTTPS", "ht\ttp", "ws", "ftp", "ecfosgisvc"),
  piece(":", ":/", "://", ":///", ":\\\\", ":/\t/", "://\r\n"),
  piece("ada", "a b", "a%40b", "a@b", "ü", "a\\b", "http", "a://"),
  piece(":SECRET", ":SE\tCRET", ":%53SECRET", ":SECRET@x", ":p SECRET", ":SECRET\\", ":'SECRET\""),
  piece("@host", "@host:80", "@[::1]:80", "@10.0.0.1"),
  piece("", "/x@y", "?q=a@b"),
).map((parts) => parts.join("")).filter((url) => {
  return /S(?:%09)?ECRET/.test(URL.parse(url)?.password ?? "");
});

Deno.test("hideCredentials() finds every password that a reader of URLs finds", () => {
  const check = (text: string) => assert.doesNotMatch(hideCredentials(text), /SE\s*CRET/);
  fc.assert(
    fc.property(URLS, (url) => {
      check(url);
      if (!/\s/.test(url)) check(`Cannot call "${url}": refused by http://other@proxy`);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("hideCredentials() takes no longer than a string of that length needs", () => {
  const parts = [
    "http:",
    "http:/",
    "http:\\",
    "://",
    "://a",
    "://a:b/",
    "http:// ",
    "//",
    " ",
    "a",
  ];
  for (const part of parts) {
    for (const text of [`@${part.repeat(60_000)}`, `${part.repeat(60_000)}/@`]) {
      const ms = measureProcessorMs(() => hideCredentials(text));
      assert.ok(ms < 1000, `${ms} ms for ${JSON.stringify(part)}`);
    }
  }
});

Deno.test("toPrintable() hides a password of any length, and takes the same time for any string", () => {
  const password = "s3cr3t".repeat(100_000);
  for (
    const text of [`http://ada:${password}@host/x`, `Cannot call http://ada:${password}@host/x`]
  ) {
    assert.match(toPrintable(text), /^(?:Cannot call )?http:\/\/\.\.\.$/);
    assert.doesNotMatch(toPrintable(text, 30), /s3cr3t/);
  }
  assert.equal(toPrintable("x".repeat(20_000) + "@"), `${"x".repeat(200)}...`);
  const long = `${"://".repeat(3_000_000)}@`;
  const ms = measureProcessorMs(() => toPrintable(long));
  assert.ok(ms < 500, `${ms} ms`);
});
