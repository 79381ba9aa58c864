import { type EndpointDescription, OSGI, RS } from "../endpoint/mod.ts";
import type { ServiceProperties, ServiceRegistration } from "../framework/mod.ts";
import type { IntegerForm } from "../distribution/mod.ts";
import { checkIntegers, INTEGERS_PROPERTY } from "../distribution/xmlrpc/mod.ts";
import type { MethodName } from "./remote.ts";
import {
  isExported,
  type RemoteServiceAdmin,
  RemoteServiceError,
  type TopologyManager,
} from "../rsa/mod.ts";

/**
 * An exported service, as {@link RemoteServices.register} returns it. Ends with
 * {@link close}, or by itself at the end of a block that holds it with `await using`.
 */
export interface RemoteRegistration extends AsyncDisposable {
  /** Description of the endpoint, or the last one after its end. */
  readonly endpoint: EndpointDescription;
  /**
   * Resolves once every discovery agrees with the last change: the endpoint is advertised,
   * updated or withdrawn. Waits while a directory is out of reach.
   *
   * @throws {EtcdError} `too-large` if etcd can't store the description, `closed` if the
   * host is closed before
   */
  advertised(): Promise<void>;
  /**
   * Replaces the properties of the service; `service.exported.interfaces` and `methods` stay if
   * they are not given. Resolves once the export follows; other processes are notified later.
   *
   * @throws {TypeError} if `methods` is not a list of the object's methods, or `integers` is given
   * @throws {RemoteServiceError} if it can't be exported with them; the properties stay
   */
  setProperties(properties: ServiceProperties): Promise<void>;
  /**
   * Withdraws the endpoint and stops answering its calls; other processes are notified
   * later. May be called more than once.
   */
  close(): Promise<void>;
}

/** Properties that decide what is exported; they stay unless they are given. */
const EXPORT_PROPERTIES: readonly string[] = [
  OSGI.exportedInterfaces,
  RS.methods,
  INTEGERS_PROPERTY,
];

/**
 * Returns the properties that decide about the export and are not given again, in any letter case.
 */
function selectKept(before: ServiceProperties, properties: ServiceProperties): ServiceProperties {
  const given = new Set(Object.keys(properties).map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(before).filter(([name]) => {
      const lower = name.toLowerCase();
      return EXPORT_PROPERTIES.includes(lower) && !given.has(lower);
    }),
  );
}

/** Creates the registration of a service that was just exported. */
export function createRegistration(
  registration: ServiceRegistration,
  admin: RemoteServiceAdmin,
  topologyManager: TopologyManager,
): RemoteRegistration {
  const { reference } = registration;
  let endpoint: EndpointDescription | undefined;
  // The export is another one after the service was withdrawn for a while.
  const findEndpoint = () => {
    const exported = admin.exports.find((exported) => exported.reference === reference);
    endpoint = exported?.endpoint ?? endpoint;
    if (endpoint !== undefined) return endpoint;
    throw new RemoteServiceError(
      "closed",
      `Cannot export service ${reference.id}: it was closed meanwhile`,
    );
  };
  findEndpoint();
  const close = async () => {
    findEndpoint();
    registration.close();
    await topologyManager.settled(reference);
  };
  return {
    get endpoint() {
      return findEndpoint();
    },
    advertised: () => topologyManager.advertised(findEndpoint().id),
    setProperties: (properties) => changeProperties(registration, topologyManager, properties),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Replaces the properties of a service; if it can't be exported with them, nothing changes. */
async function changeProperties(
  registration: ServiceRegistration,
  topologyManager: TopologyManager,
  given: RegisterProperties<object>,
): Promise<void> {
  checkProperties(given);
  const { integers, ...properties } = given;
  if (integers !== undefined) {
    throw new TypeError("Cannot change integers: close the registration and register again");
  }
  const { reference } = registration;
  const before = reference.properties;
  const changed = translateOptions(before.objectClass, properties);
  registration.setProperties({ ...selectKept(before, changed), ...changed });
  try {
    await topologyManager.settled(reference);
  } catch (error) {
    registration.setProperties(before);
    await topologyManager.settled(reference);
    throw error;
  }
}

/**
 * Properties of {@link RemoteServices.register}: those of the service, the methods that may be
 * called, and the form of numbers.
 */
export type RegisterProperties<T> = ServiceProperties & {
  /**
   * Form of whole numbers beyond 32 bits, such as `Date.now()`, in results over XML-RPC.
   * @default the `integers` of `http`
   */
  readonly integers?: IntegerForm;
  /**
   * Methods that other processes may call. @default all public methods of the object and its
   * classes
   */
  readonly methods?: readonly ([MethodName<T>] extends [never] ? string : MethodName<T>)[];
};

/**
 * Returns the properties of the service to register.
 *
 * @throws {TypeError} if `methods` is not a list of names, or `integers` is not a form of numbers
 * @throws {RemoteServiceError} `not-exportable` if the properties allow no export
 */
export function createExportProperties<T>(
  interfaces: string | readonly string[],
  properties: RegisterProperties<T>,
): ServiceProperties {
  checkProperties(properties);
  const isNamed = Object.keys(properties).some((name) =>
    name.toLowerCase() === OSGI.exportedInterfaces
  );
  const exported = {
    ...(isNamed ? {} : { [OSGI.exportedInterfaces]: "*" }),
    ...translateOptions(interfaces, properties),
  };
  if (!isExported(exported)) {
    throw new RemoteServiceError(
      "not-exportable",
      `Cannot export ${String(interfaces)}: its properties ask for no export; leave out ` +
        `${OSGI.exportedInterfaces}, or use framework.registry.register for a local service`,
    );
  }
  return exported;
}

/** @throws {TypeError} if the properties are not an object with a member for each of them */
function checkProperties(properties: unknown): void {
  const isList = Array.isArray(properties) || properties instanceof Map ||
    properties instanceof Set;
  if (typeof properties === "object" && properties !== null && !isList) return;
  throw new TypeError(
    'Cannot use the properties of a service: give an object, such as { colour: "green" }',
  );
}

/** Returns the properties of a service, with those that stand for `methods` and `integers`. */
function translateOptions(
  interfaces: unknown,
  { methods, integers, ...properties }: RegisterProperties<never>,
): ServiceProperties {
  const translated = {
    ...properties,
    ...(integers === undefined ? {} : { [INTEGERS_PROPERTY]: checkIntegers(integers) }),
  };
  if (methods === undefined) return translated;
  const isList = Array.isArray(methods) && methods.length > 0 &&
    methods.every((name: unknown) => typeof name === "string");
  if (isList) return { ...translated, [RS.methods]: [...methods] };
  throw new TypeError(
    `Cannot export ${String(interfaces)}: methods is not a list of names; give one or more ` +
      `names, or leave it out for all public methods`,
  );
}
