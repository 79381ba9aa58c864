// The IHello service of ECF's and iPOPO's tutorials: its interface, an implementation and a
// consumer.

import type { Remote } from "../mod.ts";

/** Name under which the examples of ECF, iPOPO and this library know the service. */
export const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

/** `org.eclipse.ecf.examples.hello.IHello` */
export interface IHello {
  sayHello(from: string, message: string): string;
  sayHelloAsync(from: string, message: string): Promise<string>;
  sayHelloPromise(from: string, message: string): Promise<string>;
}

/** Prints a line. */
export type Print = (line: string) => void;

/** Implementation that prints each call. */
export class HelloImpl implements IHello {
  readonly #print: Print;

  constructor(print: Print) {
    this.#print = print;
  }

  sayHello(from: string, message: string): string {
    return this.#answer("sayHello", "DenoSync", from, message);
  }

  sayHelloAsync(from: string, message: string): Promise<string> {
    return Promise.resolve(this.#answer("sayHelloAsync", "DenoAsync", from, message));
  }

  sayHelloPromise(from: string, message: string): Promise<string> {
    return Promise.resolve(this.#answer("sayHelloPromise", "DenoPromise", from, message));
  }

  #answer(method: string, name: string, from: string, message: string): string {
    this.#print(`Deno.${method} called by: ${from} with message: '${message}'`);
    return `${name} says: Howdy ${from} that's a nice runtime you got there`;
  }
}

/** Calls each method of the service and prints the results. */
export async function callHello(hello: Remote<IHello>, print: Print): Promise<void> {
  const answer = await hello.sayHello("DenoSync", "Hello Impl");
  print(`Deno IHello service consumer received sync response: ${answer}`);
  const asyncDone = hello.sayHelloAsync("DenoAsync", "Hello Impl")
    .then((answer) => print(`async response: ${answer}`));
  print("done with sayHelloAsync method");
  const promiseDone = hello.sayHelloPromise("DenoPromise", "Hello Impl")
    .then((answer) => print(`promise response: ${answer}`));
  print("done with sayHelloPromise method");
  await Promise.all([asyncDone, promiseDone]);
}
