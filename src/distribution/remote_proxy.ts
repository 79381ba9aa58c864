import { checkCallOptions, mergeOptions } from "./call_options.ts";
import { describeMethods, isMethodName, isProbe } from "./method_names.ts";
import { createNamedError } from "./named_call_error.ts";
import type { RemoteAttemptOptions, RemoteCallOptions } from "./remote_call.ts";

/** Target of a remote proxy: calls methods by name. */
export interface RemoteCaller {
  /** Describes the proxy when it is printed, such as `com.example.Greeter at http://...`. */
  readonly label: string;
  /** Interface that is called. @default unknown */
  readonly interfaceName?: string | undefined;
  /** Address of the endpoint, or of the best one. @default unknown */
  readonly address?: string | undefined;
  /** Id of the endpoint, or of the best one. @default unknown */
  readonly endpointId?: string | undefined;
  /** Whether a result is the list of the outcomes at several endpoints. @default false */
  readonly returnsOutcomes?: boolean;
  /** Names of all methods as they are known now; `undefined` if they are unknown. */
  readonly methodNames?: readonly string[] | undefined;
  /** Calls a method and resolves with its result. */
  call(
    method: string,
    parameters: readonly unknown[],
    options: RemoteAttemptOptions,
  ): Promise<unknown>;
}

const CALLERS = new WeakMap<object, RemoteCaller>();
const NO_OPTIONS: RemoteAttemptOptions = {};

/** Members that print a proxy: in a template, by Node's and by Deno's console. */
const TEXT_FORMS: readonly PropertyKey[] = [
  "toString",
  Symbol.for("nodejs.util.inspect.custom"),
  Symbol.for("Deno.customInspect"),
];

/**
 * Returns the caller behind a remote proxy; `undefined` if the object is not one. It calls
 * methods by name, with options for each call.
 */
export function getRemoteCaller(proxy: object): RemoteCaller | undefined {
  return CALLERS.get(proxy);
}

/**
 * Creates the proxy of a remote service. Each of its methods is a call; a method is the same
 * function each time. Being printed, compared, awaited, copied or inspected by a library
 * makes no call. If the method names are known it has exactly these methods, and calling
 * another one rejects with `no-such-method`.
 */
export function createRemoteProxy(caller: RemoteCaller): object {
  const proxy = new Proxy(createTarget(caller), new RemoteProxyHandler(caller));
  CALLERS.set(proxy, caller);
  return proxy;
}

/**
 * Returns a proxy of the same type whose calls have other options. The given proxy stays as
 * it is. Options of a proxy made by this function add up; the latest one counts. Given the
 * incoming call of {@link currentCall}, the calls end when that one does.
 *
 * @priority 90
 * @throws {TypeError} if the object is not a remote proxy or an option is unknown
 * @throws {RangeError} if `timeoutMs` is not positive
 * @example
 * ```ts
 * import { inProcess, memory, remoteServices, withOptions } from "@remote-services/etcd3";
 *
 * const providers = { discovery: [memory()], distribution: [inProcess()], drainMs: 0 };
 * await using server = await remoteServices(providers);
 * await server.register("com.example.Greeter", { greet: (name: string) => `Hello ${name}` });
 * await using client = await remoteServices(providers);
 * const greeter = await client.service<{ greet(name: string): string }>("com.example.Greeter");
 * console.log(await withOptions(greeter, { timeoutMs: 500 }).greet("you")); // Hello you
 * ```
 */
export function withOptions<T extends object>(proxy: T, options: RemoteCallOptions): T;
export function withOptions(proxy: object, options: RemoteCallOptions): object {
  const caller = getRemoteCaller(proxy);
  if (caller === undefined) {
    const kind = proxy instanceof Promise ? "it is a promise; await it" : "the object is not a " +
      "proxy of a remote service";
    throw new TypeError(`Cannot set call options: ${kind}`);
  }
  const checked = checkCallOptions(options);
  return createRemoteProxy(new OptionsCaller(caller, checked));
}

/** Caller whose calls have options of their own; its endpoint may change meanwhile. */
class OptionsCaller implements RemoteCaller {
  readonly #caller: RemoteCaller;
  readonly #options: RemoteCallOptions;

  constructor(caller: RemoteCaller, options: RemoteCallOptions) {
    this.#caller = caller;
    this.#options = options;
  }

  get label(): string {
    return this.#caller.label;
  }

  get interfaceName(): string | undefined {
    return this.#caller.interfaceName;
  }

  get address(): string | undefined {
    return this.#caller.address;
  }

  get endpointId(): string | undefined {
    return this.#caller.endpointId;
  }

  get returnsOutcomes(): boolean {
    return this.#caller.returnsOutcomes === true;
  }

  get methodNames(): readonly string[] | undefined {
    return this.#caller.methodNames;
  }

  call(
    method: string,
    parameters: readonly unknown[],
    options: RemoteAttemptOptions,
  ): Promise<unknown> {
    return this.#caller.call(method, parameters, mergeOptions(this.#options, options));
  }
}

type RemoteMethod = (...parameters: unknown[]) => Promise<unknown>;

class RemoteProxyHandler implements ProxyHandler<object> {
  readonly #caller: RemoteCaller;
  readonly #methods = new Map<string, RemoteMethod>();

  constructor(caller: RemoteCaller) {
    this.#caller = caller;
  }

  get(target: object, name: string | symbol): unknown {
    if (typeof name === "symbol") return Reflect.get(target, name);
    return this.#methods.get(name) ?? this.#getMethod(name) ?? Reflect.get(target, name);
  }

  has(target: object, name: string | symbol): boolean {
    if (typeof name === "symbol") return Reflect.has(target, name);
    return this.#caller.methodNames?.includes(name) ?? (isMethodName(name) && !isProbe(name));
  }

  ownKeys(target: object): (string | symbol)[] {
    return [...new Set([...Reflect.ownKeys(target), ...this.#caller.methodNames ?? []])];
  }

  getOwnPropertyDescriptor(
    target: object,
    name: string | symbol,
  ): PropertyDescriptor | undefined {
    const isMethod = typeof name === "string" && this.#caller.methodNames?.includes(name);
    if (!isMethod) return Reflect.getOwnPropertyDescriptor(target, name);
    return { value: this.get(target, name), enumerable: true, configurable: true, writable: false };
  }

  set(): boolean {
    return false;
  }

  defineProperty(): boolean {
    return false;
  }

  deleteProperty(): boolean {
    return false;
  }

  preventExtensions(): boolean {
    return false;
  }

  setPrototypeOf(): boolean {
    return false;
  }

  #getMethod(name: string): RemoteMethod | undefined {
    if (!isMethodName(name)) return undefined;
    const known = this.#caller.methodNames;
    if (known?.includes(name) || (known === undefined && !isProbe(name))) {
      const method: RemoteMethod = (...parameters) =>
        this.#caller.call(name, dropTrailingUndefined(parameters), NO_OPTIONS);
      this.#methods.set(name, method);
      return method;
    }
    return isProbe(name) ? undefined : () => this.#refuse(name);
  }

  #refuse(name: string): Promise<never> {
    const { label, interfaceName, address, endpointId, methodNames = [] } = this.#caller;
    return Promise.reject(
      createNamedError(
        "no-such-method",
        describeMethods(methodNames, name),
        { interfaceName: interfaceName ?? label, method: name, address, endpointId },
      ),
    );
  }
}

/** Creates the object behind a proxy: it has no methods, and a text form. */
function createTarget(caller: RemoteCaller): object {
  const toText = () => `Remote(${caller.label})`;
  const target: object = Object.create(null);
  for (const name of TEXT_FORMS) {
    Object.defineProperty(target, name, { value: toText, configurable: true });
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: "Remote", configurable: true });
  return target;
}

/** Removes trailing `undefined` arguments, so that the defaults of the parameters apply. */
function dropTrailingUndefined(parameters: readonly unknown[]): readonly unknown[] {
  let { length } = parameters;
  while (length > 0 && parameters[length - 1] === undefined) length--;
  return length === parameters.length ? parameters : parameters.slice(0, length);
}
