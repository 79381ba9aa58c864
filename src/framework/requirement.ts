import { checkOptionNames } from "../util/mod.ts";
import type { ServiceFilter } from "./services/mod.ts";

/** Settings of a {@link requirement}. */
export interface RequirementOptions {
  /** Filter of the interface's services. @default any */
  readonly filter?: ServiceFilter;
  /** Whether the component is valid without the service. @default false */
  readonly optional?: boolean;
  /** Whether all services are injected, best first, instead of the best one. @default false */
  readonly aggregate?: boolean;
}

/** A service that a component needs; `Value` is the type of what is injected. */
export interface Requirement<Value = unknown> {
  /** Name of the interface. */
  readonly interface: string;
  /** Filter of its services; `undefined` accepts any. */
  readonly filter: ServiceFilter | undefined;
  /** Whether the component is valid without the service. */
  readonly optional: boolean;
  /** Whether all services are injected, best first. */
  readonly aggregate: boolean;
  /** Returns what to inject, from the services found, best first. */
  select(services: readonly object[]): Value;
}

/** Requirements of a component by the names under which they are injected. */
export type Requirements = Readonly<Record<string, Requirement>>;

/** Values that are injected for requirements. */
export type Injected<R extends Requirements> = {
  readonly [Name in keyof R]: R[Name] extends Requirement<infer Value> ? Value : never;
};

/** Requires all services of an interface, best first, as a list. */
export function requirement<T extends object = object>(
  interfaceName: string,
  options: RequirementOptions & { readonly aggregate: true },
): Requirement<readonly T[]>;
/** Requires the best service of an interface, or `undefined` while none exists. */
export function requirement<T extends object = object>(
  interfaceName: string,
  options: RequirementOptions & { readonly optional: true },
): Requirement<T | undefined>;
/**
 * Creates a requirement: the best service of an interface, typed. With `aggregate` it is a
 * list of all services; with `optional` it may be `undefined`, or an empty list.
 *
 * @throws {TypeError} on an option that does not exist
 * @example
 * ```ts
 * import { requirement } from "@remote-services/etcd3/framework";
 *
 * interface Printer {
 *   print(text: string): void;
 * }
 * const requires = {
 *   printer: requirement<Printer>("com.example.Printer", { filter: "(colour=true)" }),
 *   others: requirement<Printer>("com.example.Printer", { aggregate: true, optional: true }),
 * };
 * ```
 */
export function requirement<T extends object = object>(
  interfaceName: string,
  options?: RequirementOptions,
): Requirement<T>;
export function requirement(
  interfaceName: string,
  options: RequirementOptions = {},
): Requirement {
  checkOptionNames(options, { path: "", known: ["filter", "optional", "aggregate"] });
  const { filter, optional = false, aggregate = false } = options;
  const select = aggregate
    ? (services: readonly object[]) => services
    : (services: readonly object[]) => services[0];
  return { interface: interfaceName, filter, optional, aggregate, select };
}
