// Bundle of the etcd3 discovery: a component factory with the properties of iPOPO's.

import {
  type BundleDefinition,
  type DiscoveryProvider,
  etcd3,
  registerComponentFactory,
} from "../../../mod.ts";
import { DISCOVERY_PROVIDER, ETCD3_FACTORY } from "../names.ts";

/** Creates a discovery for each component that is instantiated. */
export const etcd3Discovery: BundleDefinition = {
  name: "rsa.providers.discovery.etcd3",
  version: "0.1.0",
  start(context) {
    const { logger, clock } = context.framework;
    registerComponentFactory(context, ETCD3_FACTORY, (properties) => ({
      provides: DISCOVERY_PROVIDER,
      async validate() {
        const hostname = String(properties["etcd.hostname"] ?? "localhost");
        const port = Number(properties["etcd.port"] ?? 2379);
        const callback = properties["etcd.connected_callback"];
        const sessionId = String(properties["etcd.session_id"] ?? clock.uuid());
        const topKey = properties["etcd.top_key"];
        const create = etcd3({
          endpoints: `${hostname}:${port}`,
          sessionId,
          leaseTtlSeconds: Number(properties["etcd.lease_ttl"] ?? 30),
          ...(topKey === undefined ? {} : { topKey: String(topKey) }),
          startOffline: true,
          onConnected() {
            const place = `host=${hostname} port=${port}`;
            const message = `CONNECTED etcd3 session_id=${sessionId} to ${place}`;
            logger.debug(message, { logger: etcd3Discovery.name });
            if (typeof callback === "function") callback();
          },
        });
        const discovery = create({ logger, clock, hostIp: "127.0.0.1" });
        await discovery.start();
        return discovery;
      },
      async invalidate(discovery: DiscoveryProvider) {
        if (discovery.health.state === "synced") await discovery.unadvertiseAll();
        await discovery.close();
      },
    }));
  },
};
