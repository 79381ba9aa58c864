import { Subscription } from "../util/mod.ts";
import type { BundleContext } from "./bundle_context.ts";
import type { ComponentBody } from "./component.ts";
import { createComponent } from "./component_instance.ts";
import type { Requirements } from "./requirement.ts";
import type { ServiceProperties } from "./services/mod.ts";

/**
 * Registers a component factory in a bundle: components are created from it by name, with
 * `framework.components.instantiate`, as with iPOPO's `instantiate`. The factory and its
 * components end with the bundle.
 *
 * @param define returns the component for the properties of an instance
 * @throws {TypeError} if the name is taken
 * @example
 * ```ts
 * import { Framework, registerComponentFactory } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * await using framework = new Framework();
 * framework.components.instantiate("greeter-factory", "english", { word: "Hello" });
 * await framework.installBundle({
 *   name: "com.example.greeters",
 *   start: (context) =>
 *     void registerComponentFactory(context, "greeter-factory", ({ word }) => ({
 *       provides: "com.example.Greeter",
 *       validate: () => ({ greet: () => String(word) }),
 *     })),
 * }).start();
 * const greeter = await framework.waitForService<{ greet(): string }>("com.example.Greeter");
 * assert.equal(greeter.greet(), "Hello");
 * ```
 */
export function registerComponentFactory<
  R extends Requirements = Record<never, never>,
  I extends object | void = void,
>(
  context: BundleContext,
  name: string,
  define: (properties: ServiceProperties) => ComponentBody<R, I>,
): Subscription {
  const added = context.framework.components.addFactory({
    name,
    bundle: context.bundle,
    create: (instanceName, properties) =>
      createComponent(context, { ...define(properties), name: instanceName }),
  });
  const cleanup = context.onStop(() => added.close());
  return new Subscription(() => {
    cleanup.close();
    added.close();
  });
}
