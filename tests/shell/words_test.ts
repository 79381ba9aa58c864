import assert from "node:assert/strict";
import { splitWords } from "../../src/shell/words.ts";

Deno.test("splitWords splits at white space that is not quoted", () => {
  const words = (line: string) => splitWords(line).map(({ text }) => text);
  assert.deepEqual(words(`  a  "b c" 'd "e' f\\ g "h\\"i" `), ["a", "b c", 'd "e', "f g", 'h"i']);
  assert.deepEqual(words(""), []);
  assert.deepEqual(words(`call "unclosed x`), ["call", '"unclosed', "x"]);
  assert.deepEqual(words(`it's a"b abc\\`), ["it's", 'a"b', "abc\\"]);
  assert.deepEqual(splitWords("ab  cd").map(({ from }) => from), [0, 4]);
});
