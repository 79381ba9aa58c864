/** Names of the methods of `T`, without those that begin with `_`. */
export type MethodName<T> = {
  [Name in keyof T]: Name extends `_${string}` ? never
    : Name extends string ? T[Name] extends (...parameters: never[]) => unknown ? Name : never
    : never;
}[keyof T];

/**
 * Type of a proxy for a remote `T`: its methods, each returning a promise. Other members,
 * and methods whose names begin with `_`, do not exist on it.
 *
 * @example
 * ```ts
 * import type { Remote } from "@remote-services/etcd3";
 *
 * interface Greeter {
 *   greet(name: string): string;
 * }
 * const call = (greeter: Remote<Greeter>): Promise<string> => greeter.greet("you");
 * ```
 */
export type Remote<T> = {
  readonly [Name in MethodName<T>]: T[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** Type of a proxy for every remote `T`: a call returns the outcome at each of them. */
export type RemoteAll<T> = {
  readonly [Name in keyof Remote<T>]: Remote<T>[Name] extends (
    ...args: infer Args
  ) => Promise<infer Result> ? (...args: Args) => Promise<PromiseSettledResult<Result>[]>
    : never;
};

/**
 * Type of an object that can be exported as a `T`: it has the methods of `T`, each of which
 * may return its result or a promise of it.
 *
 * @example
 * ```ts
 * import type { Local } from "@remote-services/etcd3";
 *
 * interface Greeter {
 *   greet(name: string): string;
 * }
 * const greeter: Local<Greeter> = { greet: async (name) => await Promise.resolve(`Hello ${name}`) };
 * ```
 */
export type Local<T> = {
  readonly [Name in MethodName<T>]: T[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Awaited<Result> | Promise<Awaited<Result>>
    : never;
};
