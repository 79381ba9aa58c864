import { type Subscription, toMessage } from "../util/mod.ts";
import type { BundleContext } from "./bundle_context.ts";
import type { Component, ComponentDefinition, RequirementStatus } from "./component.ts";
import type { Injected, Requirements } from "./requirement.ts";
import { RequirementTracker } from "./requirement_tracker.ts";
import type { ServiceOwner, ServiceReference, ServiceRegistration } from "./services/mod.ts";
import { isBusy, isSame, run } from "./component_steps.ts";

/** Parts of a valid component. */
interface Valid<R extends Requirements, I> {
  readonly services: Injected<R>;
  readonly instance: I;
  readonly registration: ServiceRegistration | undefined;
}

type State<R extends Requirements, I> =
  | { readonly kind: "created" }
  | { readonly kind: "unsatisfied"; readonly missing: readonly string[] }
  | { readonly kind: "validating"; readonly services: Injected<R> }
  | { readonly kind: "valid" } & Valid<R, I>
  | { readonly kind: "rebinding" } & Valid<R, I>
  | { readonly kind: "invalidating" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "closed" };

/** Limit of the changes that a component itself may cause before it counts as a cycle. */
const MAX_ROUNDS = 50;

/**
 * The state machine of a component. Each change of a service marks it outdated; it then
 * takes one step after the other until it agrees with the services. A step whose callback
 * is not async is complete when it returns; otherwise the next step follows the promise.
 */
class ComponentInstance<R extends Requirements, I extends object | void> implements Component {
  readonly name: string;
  readonly bundle: ServiceOwner;
  readonly #context: BundleContext;
  readonly #definition: ComponentDefinition<R, I>;
  readonly #services: RequirementTracker<R>;
  readonly #ended = Promise.withResolvers<void>();
  #state: State<R, I> = { kind: "created" };
  #isOutdated = false;
  #isClosing = false;
  #rounds = 0;
  #cleanups: Subscription[] = [];

  private constructor(context: BundleContext, definition: ComponentDefinition<R, I>) {
    this.name = definition.name;
    this.bundle = context.bundle;
    this.#context = context;
    this.#definition = definition;
    this.#services = new RequirementTracker(definition.requires);
  }

  /** Creates a component and tracks its services. */
  static start<R extends Requirements, I extends object | void>(
    context: BundleContext,
    definition: ComponentDefinition<R, I>,
  ): ComponentInstance<R, I> {
    const component = new ComponentInstance(context, definition);
    const { registry, components } = context.framework;
    component.#services.open(registry, context.bundle, () => component.#update());
    component.#cleanups = [components.add(component), context.onStop(() => component.close())];
    component.#setState({ kind: "unsatisfied", missing: [] });
    component.#update();
    return component;
  }

  get state(): State<R, I> {
    return this.#state;
  }

  get isValid(): boolean {
    return this.#valid !== undefined;
  }

  get provided(): ServiceReference | undefined {
    return this.#valid?.registration?.reference;
  }

  get requirements(): readonly RequirementStatus[] {
    return this.#services.statuses;
  }

  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#update();
    }
    return this.#ended.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #valid(): Valid<R, I> | undefined {
    const state = this.#state;
    return state.kind === "valid" || state.kind === "rebinding" ? state : undefined;
  }

  #setState(state: State<R, I>): undefined {
    this.#state = state;
    if (state.kind !== "closed") return;
    for (const cleanup of this.#cleanups) cleanup.close();
    this.#services[Symbol.dispose]();
    this.#ended.resolve();
  }

  #update(): void {
    this.#isOutdated = true;
    this.#advance();
  }

  /** Takes steps until the component agrees with its services, or a step is async. */
  #advance(): void {
    while (this.#isOutdated && !isBusy(this.#state)) {
      this.#isOutdated = false;
      const isCycle = this.#rounds++ >= MAX_ROUNDS && !this.#isClosing;
      const work = isCycle ? this.#breakCycle() : this.#step();
      if (work === undefined) continue;
      this.#rounds = 0; // only steps that are not async could block the process for ever
      work.then(() => this.#advance());
      return;
    }
    if (!isBusy(this.#state)) this.#rounds = 0;
  }

  /** Takes one step; returns its promise if it is async. */
  #step(): Promise<void> | undefined {
    const state = this.#state;
    switch (state.kind) {
      case "unsatisfied":
      case "failed":
        return this.#isClosing ? this.#setState({ kind: "closed" }) : this.#satisfy();
      case "valid":
        return this.#check(state);
      case "created":
      case "validating":
      case "rebinding":
      case "invalidating":
      case "closed":
        return undefined;
    }
  }

  /** Validates the component if every mandatory service is there. */
  #satisfy(): Promise<void> | undefined {
    const missing = this.#services.findMissing(undefined);
    if (missing.length === 0) return this.#validate(this.#services.gather(undefined));
    return this.#setState({ kind: "unsatisfied", missing });
  }

  /** Compares a valid component with the services that are there now. */
  #check(state: Valid<R, I>): Promise<void> | undefined {
    const missing = this.#services.findMissing(state.instance);
    if (this.#isClosing || missing.length > 0) {
      return this.#invalidate(state, { kind: "unsatisfied", missing });
    }
    const services = this.#services.gather(state.instance);
    if (isSame(services, state.services)) return undefined;
    if (this.#definition.rebind !== undefined) return this.#rebind(state, services);
    return this.#invalidate(state, { kind: "unsatisfied", missing });
  }

  #validate(services: Injected<R>): Promise<void> | undefined {
    this.#setState({ kind: "validating", services });
    return run(
      () => this.#definition.validate(services),
      (instance) => {
        const registration = this.#provide(instance);
        this.#setState({ kind: "valid", services, instance, registration });
      },
      (error) => {
        this.#setState({ kind: "failed", error });
        this.#report("validate", error);
      },
    );
  }

  #provide(instance: I): ServiceRegistration | undefined {
    const { provides, properties } = this.#definition;
    if (provides === undefined) return undefined;
    if (typeof instance !== "object" && typeof instance !== "function") {
      throw new TypeError(`Cannot provide ${String(provides)}: validate returned no object`);
    }
    return this.#context.registerService(provides, instance, properties);
  }

  #rebind(state: Valid<R, I>, services: Injected<R>): Promise<void> | undefined {
    const next: Valid<R, I> = {
      services,
      instance: state.instance,
      registration: state.registration,
    };
    this.#setState({ kind: "rebinding", ...next });
    return run(
      () => this.#definition.rebind?.(services, state.instance),
      () => this.#setState({ kind: "valid", ...next }),
      (error) => {
        this.#setState({ kind: "valid", ...next });
        this.#report("rebind", error);
      },
    );
  }

  /** Unregisters the provided service, calls `invalidate` and goes on to another state. */
  #invalidate(state: Valid<R, I>, next: State<R, I>): Promise<void> | undefined {
    this.#setState({ kind: "invalidating" });
    state.registration?.close();
    const leave = () => {
      this.#setState(next);
      this.#isOutdated = next.kind !== "failed"; // validated again if its services allow
    };
    return run(() => this.#definition.invalidate?.(state.instance), leave, (error) => {
      leave();
      this.#report("invalidate", error);
    });
  }

  /** Ends a component that keeps changing its own services. */
  #breakCycle(): Promise<void> | undefined {
    const error = new Error("it depends on itself in a cycle; give it a rebind");
    this.#rounds = 0;
    this.#report("settle", error);
    const failed: State<R, I> = { kind: "failed", error };
    const valid = this.#valid;
    return valid === undefined ? this.#setState(failed) : this.#invalidate(valid, failed);
  }

  #report(step: string, error: unknown): void {
    const message = `Component ${this.name} failed to ${step}: ${toMessage(error)}`;
    this.#context.framework.logger.error(message, { component: this.name, error });
  }
}

/**
 * Creates a component in a bundle. It is validated at once, or when the last of its
 * mandatory services comes, and ends with its bundle.
 *
 * @throws {FilterSyntaxError} if a requirement's filter is an invalid string
 * @example
 * ```ts
 * import { createComponent, Framework, requirement } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * await using framework = new Framework();
 * await framework.installBundle({
 *   name: "com.example.greeter",
 *   start(context) {
 *     createComponent(context, {
 *       name: "greeter",
 *       requires: { clock: requirement<{ now(): number }>("com.example.Clock") },
 *       provides: "com.example.Greeter",
 *       validate: ({ clock }) => ({ greet: () => clock.now() < 12 ? "Good morning" : "Hello" }),
 *     });
 *   },
 * }).start();
 * framework.registry.register("com.example.Clock", { now: () => 9 });
 * const greeter = await framework.waitForService<{ greet(): string }>("com.example.Greeter");
 * assert.equal(greeter.greet(), "Good morning");
 * ```
 */
export function createComponent<
  R extends Requirements = Record<never, never>,
  I extends object | void = void,
>(context: BundleContext, definition: ComponentDefinition<R, I>): Component {
  return ComponentInstance.start(context, definition);
}
