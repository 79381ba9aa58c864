import { Etcd3Discovery } from "../../discovery/etcd3/mod.ts";
import type { EndpointEvent } from "../../discovery/mod.ts";
import { hideCredentials, pause, SYSTEM_CLOCK } from "../../util/mod.ts";
import type { CliCommand } from "../cli_command.ts";
import {
  completeInterfaces,
  CONNECTION_OPTIONS,
  createConnectionLogger,
  createSelector,
  readConnection,
} from "../connection/mod.ts";
import { toFacts } from "../output/mod.ts";

/** Shows endpoints as they come and go. */
export const watchCommand: CliCommand = {
  name: "watch",
  usage: "[INTERFACE | FILTER]",
  maxWords: 1,
  summary: "Shows endpoints as they come, change and end, until Ctrl-C.",
  details: [
    "The present endpoints come first. INTERFACE may have * for anything; FILTER is an",
    "LDAP filter in parentheses.",
  ],
  options: [
    { name: "count", value: "N", summary: "end after N lines (without end)" },
    ...CONNECTION_OPTIONS,
  ],
  examples: ["watch", "watch '(objectClass=com.example.*)' --json"],
  complete: completeInterfaces,
  async run(context) {
    const { args, output, signal } = context;
    const isSelected = createSelector(args.words[0]);
    let left = args.getCount("count") ?? Infinity;
    const { etcd, topKey } = await readConnection(context);
    const logger = createConnectionLogger(output, { etcd, topKey });
    const done = new AbortController();
    const ended = AbortSignal.any([signal, done.signal]);
    await using discovery = new Etcd3Discovery({ ...etcd, topKey, observe: true, logger });
    using _subscription = discovery.addListener({
      endpointChanged: async ({ type, endpoint }) => {
        if (!isSelected(endpoint) || left <= 0) return;
        left--;
        const time = new Date(SYSTEM_CLOCK.epochMs()).toISOString();
        if (output.isJson) await output.writeJsonLine({ time, type, ...toFacts(endpoint) });
        else await output.writeLine(`${time} ${formatEvent({ type, endpoint })}`);
        if (left === 0) done.abort();
      },
    });
    try {
      await discovery.start(ended);
      await pause(Infinity, ended);
    } catch (error) {
      if (!ended.aborted) throw error; // an interruption is the usual end
    }
  },
};

function formatEvent({ type, endpoint }: Pick<EndpointEvent, "type" | "endpoint">): string {
  const { interfaces, containerId, id } = endpoint;
  return `${type.padEnd(8)} ${interfaces.join(",")} at ${
    hideCredentials(containerId ?? "-")
  } (${id})`;
}
