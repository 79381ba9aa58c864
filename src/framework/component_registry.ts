import { type Logger, SILENT, Subscription, toMessage } from "../util/mod.ts";
import type { Component } from "./component.ts";
import type { ServiceOwner, ServiceProperties } from "./services/mod.ts";

/** A named way to create components, from `registerComponentFactory`. */
export interface ComponentFactory {
  /** Name, unique in the framework. */
  readonly name: string;
  /** Bundle of the factory and of its components. */
  readonly bundle: ServiceOwner;
  /** Creates a component. */
  readonly create: (name: string, properties: ServiceProperties) => Component;
}

/**
 * A component that was requested from a factory by name. While the factory is not
 * registered, the request waits for it.
 */
export interface ComponentRequest extends AsyncDisposable {
  /** Name of the component. */
  readonly name: string;
  /** Name of the factory. */
  readonly factory: string;
  /** Properties for the factory. */
  readonly properties: ServiceProperties;
  /** The component; `undefined` while the request waits for its factory. */
  readonly component: Component | undefined;
  /** Withdraws the request and closes the component. */
  close(): Promise<void>;
}

interface OpenRequest extends ComponentRequest {
  component: Component | undefined;
}

/**
 * The components of a framework and the factories that create them by name; the member
 * `components` of a framework.
 *
 * @example
 * ```ts
 * import { Framework } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const { components } = new Framework();
 * await using request = components.instantiate("printer-factory", "laser");
 * assert.equal(request.component, undefined); // waits for the factory
 * ```
 */
export class ComponentRegistry {
  readonly #components = new Set<Component>();
  readonly #factories = new Map<string, ComponentFactory>();
  readonly #requests = new Map<string, OpenRequest>();
  readonly #logger: Logger;

  /** Creates an empty registry. */
  constructor(logger: Logger = SILENT) {
    this.#logger = logger;
  }

  /** Components that are not closed, in the order of creation. */
  get components(): readonly Component[] {
    return [...this.#components];
  }

  /** Registered factories, by name. */
  get factories(): ReadonlyMap<string, ComponentFactory> {
    return this.#factories;
  }

  /** Requests that are not closed, those that wait for a factory among them. */
  get requests(): readonly ComponentRequest[] {
    return [...this.#requests.values()];
  }

  /** Adds a component to the list. */
  add(component: Component): Subscription {
    this.#components.add(component);
    return new Subscription(() => this.#components.delete(component));
  }

  /**
   * Adds a factory and creates the components that wait for it.
   *
   * @throws {TypeError} if the name is taken
   */
  addFactory(factory: ComponentFactory): Subscription {
    const { name } = factory;
    if (this.#factories.has(name)) {
      throw new TypeError(`Cannot add component factory ${name}: the name is taken`);
    }
    this.#factories.set(name, factory);
    for (const request of this.#findRequests(name)) this.#tryCreate(factory, request);
    return new Subscription(() => {
      this.#factories.delete(name);
      for (const request of this.#findRequests(name)) request.component = undefined;
    });
  }

  /**
   * Requests a component from a factory. It is created at once, or when the factory is
   * registered, and created again if the factory's bundle is restarted.
   *
   * @throws {TypeError} if another request has the name
   */
  instantiate(
    factoryName: string,
    name: string,
    properties: ServiceProperties = {},
  ): ComponentRequest {
    if (this.#requests.has(name)) {
      throw new TypeError(`Cannot create component ${name}: the name is taken; give another one`);
    }
    const close = async () => {
      if (this.#requests.get(name) === request) this.#requests.delete(name);
      await request.component?.close();
    };
    const request: OpenRequest = {
      name,
      factory: factoryName,
      properties,
      component: undefined,
      close,
      [Symbol.asyncDispose]: close,
    };
    const factory = this.#factories.get(factoryName);
    if (factory !== undefined) request.component = factory.create(name, properties);
    this.#requests.set(name, request);
    return request;
  }

  #findRequests(factoryName: string): OpenRequest[] {
    return [...this.#requests.values()].filter(({ factory }) => factory === factoryName);
  }

  #tryCreate(factory: ComponentFactory, request: OpenRequest): void {
    try {
      request.component = factory.create(request.name, request.properties);
    } catch (error) {
      const message = `Cannot create component ${request.name}: ${toMessage(error)}`;
      this.#logger.error(message, { component: request.name, factory: factory.name, error });
    }
  }
}
