import type { ServiceProperties, ServiceRegistration } from "../framework/mod.ts";
import { type EndpointDescription, OSGI } from "../endpoint/mod.ts";
import { type RemoteServiceAdmin, RemoteServiceError, type TopologyManager } from "../rsa/mod.ts";

/** What {@link RemoteServices.register} gives. */
export interface RemoteRegistration {
  /** The endpoint as it is exported now, or was last. */
  readonly endpoint: EndpointDescription;
  /**
   * Resolves when etcd has what was last said of the endpoint: that it is exported,
   * changed or withdrawn. While etcd is away it waits.
   *
   * @throws {EtcdError} `too-large` when etcd can't take the description, `closed` when
   * the host is closed before.
   */
  advertised(): Promise<void>;
  /**
   * Replaces the service's properties, but for `service.exported.interfaces` where it is
   * not given. Resolves when the export follows; others hear of it a moment later.
   *
   * @throws {RemoteServiceError} when it can't be exported so; the properties are then
   * as they were.
   */
  setProperties(properties: ServiceProperties): Promise<void>;
  /**
   * Withdraws the endpoint and stops answering its calls; others hear of it a moment
   * later. May be repeated.
   */
  unregister(): Promise<void>;
}

/** Makes the handle of a service that has just been exported. */
export function createRegistration(
  registration: ServiceRegistration,
  admin: RemoteServiceAdmin,
  topologyManager: TopologyManager,
): RemoteRegistration {
  const { reference } = registration;
  let endpoint: EndpointDescription | undefined;
  // The export changes when the service is withdrawn for a while.
  const latest = () => {
    const exported = admin.exports.find((exported) => exported.reference === reference);
    endpoint = exported?.endpoint ?? endpoint;
    if (endpoint !== undefined) return endpoint;
    throw new RemoteServiceError(
      "closed",
      `Service ${reference.id} was closed while it was exported`,
    );
  };
  latest();
  return {
    get endpoint() {
      return latest();
    },
    advertised: () => topologyManager.advertised(latest().id),
    setProperties: async (properties) => {
      const before = reference.properties;
      const exports = { [OSGI.exportedInterfaces]: before[OSGI.exportedInterfaces] };
      registration.setProperties({ ...exports, ...properties });
      try {
        await topologyManager.settled(reference);
      } catch (error) {
        registration.setProperties(before);
        await topologyManager.settled(reference);
        throw error;
      }
    },
    unregister: async () => {
      latest();
      registration.close();
      await topologyManager.settled(reference);
    },
  };
}
