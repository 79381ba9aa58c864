import type { Injected, Requirement, Requirements } from "./requirement.ts";
import type { ServiceOwner, ServiceProperties, ServiceReference } from "./services/mod.ts";

/** Requirements, callbacks and provided interfaces of a component, without its name. */
export interface ComponentBody<R extends Requirements, I extends object | void> {
  /** Services that it needs, by the names under which they are injected. @default none */
  readonly requires?: R;
  /** Interfaces under which the instance is registered while it is valid. @default none */
  readonly provides?: string | readonly string[];
  /** Properties of the provided service. @default none */
  readonly properties?: ServiceProperties;
  /**
   * Called when every mandatory service is there. Returns the instance, or a promise of it;
   * nothing if nothing is provided. If it fails, the error is logged and the component stays
   * invalid until its services change.
   */
  validate(services: Injected<R>): I | Promise<I>;
  /** Called when a mandatory service ends, or the component is closed. May be async. */
  invalidate?(instance: I): void | Promise<void>;
  /**
   * Called when a valid component gets other services, such as a better one. May be async.
   * Without it the component is invalidated and validated again.
   */
  rebind?(services: Injected<R>, instance: I): void | Promise<void>;
}

/**
 * A part of a program that lives while the services it needs exist: the counterpart of
 * iPOPO's components (OSGi Compendium, chapter 112 in spirit).
 */
export interface ComponentDefinition<
  R extends Requirements = Requirements,
  I extends object | void = object | void,
> extends ComponentBody<R, I> {
  /** Name, for messages and the shell. */
  readonly name: string;
}

/**
 * State of a component.
 *
 * - `created`: not opened yet.
 * - `unsatisfied`: a mandatory requirement has no service; `missing` has their names.
 * - `validating`: `validate` runs.
 * - `valid`: its service, if it provides one, is registered.
 * - `rebinding`: `rebind` runs, since its services changed.
 * - `invalidating`: `invalidate` runs.
 * - `failed`: `validate` failed; it is tried again when its services change.
 * - `closed`: closed by its owner, or its bundle stopped.
 */
export type ComponentState =
  | { readonly kind: "created" }
  | { readonly kind: "unsatisfied"; readonly missing: readonly string[] }
  | { readonly kind: "validating" }
  | { readonly kind: "valid" }
  | { readonly kind: "rebinding" }
  | { readonly kind: "invalidating" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "closed" };

/** A requirement of a component with the services that meet it now. */
export interface RequirementStatus {
  /** Name under which it is injected. */
  readonly name: string;
  /** The requirement. */
  readonly requirement: Requirement;
  /** Services that meet it, best first. */
  readonly references: readonly ServiceReference[];
}

/** A component at work. Ends with {@link close} or `await using`. */
export interface Component extends AsyncDisposable {
  /** Name. */
  readonly name: string;
  /** Bundle of the component. */
  readonly bundle: ServiceOwner;
  /** Current state, with the reason if it is not valid. */
  readonly state: ComponentState;
  /** Whether every mandatory service is there and `validate` succeeded. */
  readonly isValid: boolean;
  /** Requirements and the services that meet them. */
  readonly requirements: readonly RequirementStatus[];
  /** The provided service, while the component is valid. */
  readonly provided: ServiceReference | undefined;
  /** Invalidates the component for good. Resolves when its callbacks have ended. */
  close(): Promise<void>;
}
