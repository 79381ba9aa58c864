/**
 * The type of a proxy for a remote `T`: its methods, each returning a promise. What is
 * no method, and what begins with `_`, is not there.
 */
export type Remote<T> = {
  readonly [
    Name in keyof T as Name extends `_${string}` ? never
      : Name extends string ? T[Name] extends (...args: never[]) => unknown ? Name : never
      : never
  ]: T[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** The type of a proxy for every remote `T`: a call gives how it ended at each of them. */
export type RemoteAll<T> = {
  readonly [Name in keyof Remote<T>]: Remote<T>[Name] extends (
    ...args: infer Args
  ) => Promise<infer Result> ? (...args: Args) => Promise<PromiseSettledResult<Result>[]>
    : never;
};
