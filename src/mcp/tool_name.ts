/** Longest name that clients accept. */
const MAX_LENGTH = 64;
/** Names of interfaces and methods whose combination is unambiguous. */
const PLAIN_INTERFACE = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;
const PLAIN_METHOD = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/;

/**
 * Returns the name of the tool for a method: `com_example_Greeter__greet`. Clients accept letters,
 * digits, `_` and `-`, 64 at most. A name that is too long, or that another method could have too,
 * ends in a hash. It depends on nothing else, so that a tool has one name in every process and at
 * every time.
 */
export function createToolName(interfaceName: string, method: string): string {
  const isPlain = PLAIN_INTERFACE.test(interfaceName) && PLAIN_METHOD.test(method);
  const name = `${replaceOthers(interfaceName)}__${replaceOthers(method)}`;
  if (isPlain && name.length <= MAX_LENGTH) return name;
  const hash = `_${hashText(`${interfaceName}#${method}`)}`;
  const lastName = interfaceName.slice(interfaceName.lastIndexOf(".") + 1);
  const short = `${replaceOthers(lastName)}__${replaceOthers(method)}`;
  return short.slice(0, MAX_LENGTH - hash.length) + hash;
}

function replaceOthers(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}

/** Returns 53 bits of a hash (cyrb53, public domain) in base 36. */
function hashText(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
