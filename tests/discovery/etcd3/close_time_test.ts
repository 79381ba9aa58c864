import { Etcd3Discovery } from "../../../mod.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { EtcdModel } from "../../support/etcd_model.ts";
import type { ModelConnector } from "../../support/etcd_link_model.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** What the network does when a discovery with an advertised endpoint closes. */
const NETWORKS: readonly [name: string, change: (connector: ModelConnector) => void][] = [
  ["delivers", () => {}],
  ["is silent", (connector) => connector.mute()],
  ["was cut, and is silent", (connector) => (connector.mute(), connector.cut())],
  ["was cut for good", (connector) => connector.cutOff()],
];

for (const [name, change] of NETWORKS) {
  Deno.test(`close() takes at most three seconds while the network ${name}`, async () => {
    const clock = new VirtualClock();
    const connector = new EtcdModel({ clock }).createConnector();
    const discovery = new Etcd3Discovery({ leaseTtlSeconds: 60 }, { clock, connector });
    await Promise.all([discovery.start(), clock.settle()]);
    await discovery.advertise(anEndpoint());
    change(connector);
    await clock.settle();
    const closing = discovery.close();
    let isClosed = false;
    closing.then(() => isClosed = true);
    await clock.advanceUntil("the close", () => isClosed, { limitMs: 3000, stepMs: 50 });
    await closing;
  });
}
