/** Name of an element with its tags as almost every peer writes them. */
export interface Tag {
  /** Name of the element. */
  readonly name: string;
  /** Start tag, such as `<name>`. */
  readonly start: string;
  /** End tag, such as `</name>`. */
  readonly end: string;
}

/** Creates the tags of a name. */
export function createTag(name: string): Tag {
  return { name, start: `<${name}>`, end: `</${name}>` };
}
