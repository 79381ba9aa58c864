import { XmlRpcValueError } from "../errors.ts";
import { checkDepth } from "../limits.ts";

/** Place of the value that is written, for errors, and the containers around it. */
export class ValuePlace {
  /** Name of the root, then keys and indices; the writer sets them. */
  readonly path: (string | number)[];
  readonly #containers: object[] = [];
  readonly #maxDepth: number;

  /** Starts at a root such as `params` or `result`. */
  constructor(root: string, maxDepth?: number) {
    this.path = [root];
    this.#maxDepth = checkDepth(maxDepth);
  }

  /**
   * Enters a container and returns the level of its keys in the path.
   *
   * @throws {TypeError} if the container is around itself, or nested too deeply
   */
  enter(container: object): number {
    if (this.#containers.includes(container)) {
      throw this.createError("a value that contains itself", "send a tree");
    }
    if (this.#containers.length >= this.#maxDepth) {
      throw this.createError(`more than ${this.#maxDepth} levels`, "send a flatter value");
    }
    this.#containers.push(container);
    return this.path.push("") - 1;
  }

  /** Leaves the container that was entered last. */
  leave(): void {
    this.#containers.pop();
    this.path.pop();
  }

  /** Creates the error for a value that cannot be sent. */
  createError(what: string, advice: string): XmlRpcValueError {
    const [root = "", ...keys] = this.path;
    const place = keys.map((key) =>
      typeof key === "string" && /^[A-Za-z_$][\w$]*$/.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`
    );
    const path = place.join("").slice(0, 200);
    return new XmlRpcValueError(root + path, what, advice);
  }
}

/** Returns the kind of an object for errors, such as `a Point` or `an AsyncGenerator`. */
export function describeKind(value: object): string {
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  const name: unknown = /(?:Generator|Iterator)$/.test(tag) ? tag : value.constructor?.name;
  const kind = typeof name === "string" && name !== "" ? name : tag;
  if (kind === "Object") return "an object with a prototype of its own";
  return `${/^(?:[AEIO]|U(?!RL|int))/.test(kind) ? "an" : "a"} ${kind}`;
}
