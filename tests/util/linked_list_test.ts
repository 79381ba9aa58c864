import assert from "node:assert/strict";
import { type Linked, LinkedList } from "../../src/util/linked_list.ts";

interface Item extends Linked<Item> {
  readonly name: string;
}

const createItem = (name: string): Item => ({ name, previous: undefined, next: undefined });

function namesOf(list: LinkedList<Item>): string {
  let names = "";
  for (let item = list.first; item !== undefined; item = item.next) names += item.name;
  return names;
}

Deno.test("LinkedList keeps the order in which items were added, whichever are deleted", () => {
  const names = ["a", "b", "c"];
  // Each bit deletes one of the three.
  for (let deleted = 0; deleted < 8; deleted++) {
    const list = new LinkedList<Item>();
    const items = names.map(createItem);
    for (const item of items) list.add(item);
    items.filter((_, index) => deleted & (1 << index)).forEach((item) => list.delete(item));
    const left = names.filter((_, index) => !(deleted & (1 << index))).join("");
    assert.equal(namesOf(list), left);
    list.add(createItem("d"));
    assert.equal(namesOf(list), `${left}d`);
  }
});

Deno.test("LinkedList deletes an item once, and it can be added again", () => {
  const list = new LinkedList<Item>();
  const [a, b] = [createItem("a"), createItem("b")];
  list.delete(a);
  list.add(a);
  list.add(b);
  list.delete(a);
  list.delete(a);
  assert.equal(namesOf(list), "b");
  list.add(a);
  assert.equal(namesOf(list), "ba");
});

Deno.test("LinkedList leaves no links on items that were deleted, which would keep others alive", () => {
  const list = new LinkedList<Item>();
  const items = ["a", "b", "c", "d"].map(createItem);
  for (const item of items) list.add(item);
  const [, b] = items;
  if (b !== undefined) list.delete(b);
  assert.deepEqual([b?.previous, b?.next], [undefined, undefined]);
  list.clear();
  for (const { previous, next } of items) {
    assert.deepEqual([previous, next], [undefined, undefined]);
  }
  assert.equal(list.first, undefined);
});
