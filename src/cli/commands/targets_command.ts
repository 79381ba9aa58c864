import { Etcd3Discovery } from "../../discovery/etcd3/mod.ts";
import { createRefusal, HttpService, type Servlet } from "../../http/mod.ts";
import { createTargetGroups, scrapeTargets } from "../../telemetry/mod.ts";
import { pause, toPrintable, waitFor } from "../../util/mod.ts";
import type { CliCommand, CliContext } from "../cli_command.ts";
import {
  completeInterfaces,
  CONNECTION_OPTIONS,
  createConnectionLogger,
  createSelector,
  loadRegistry,
  readConnection,
  selectEndpoints,
} from "../connection/mod.ts";
import { UsageError } from "../errors.ts";

/** Longest time that a request waits for the first list. */
const FIRST_LIST_MS = 1000;

/** Lists the addresses of endpoints for Prometheus, or serves that list. */
export const targetsCommand: CliCommand = {
  name: "targets",
  usage: "[INTERFACE | FILTER]",
  maxWords: 1,
  summary: "Lists the addresses of endpoints for Prometheus.",
  details: [
    "The list is the JSON of file_sd_configs. With --listen it is served at /targets for",
    "http_sd_configs, as it is at the time of each request, until Ctrl-C. INTERFACE may",
    "have * for anything; FILTER is an LDAP filter in parentheses.",
  ],
  options: [
    { name: "listen", value: "[HOST:]PORT", summary: "serve the list over HTTP", group: "Server" },
    ...CONNECTION_OPTIONS,
  ],
  examples: ["targets '(metrics=true)' > targets.json", "targets --listen 9099 '(metrics=true)'"],
  complete: completeInterfaces,
  async run(context) {
    const { args, output } = context;
    const listen = args.get("listen");
    if (listen !== undefined) return await serve(context, parseListen(listen));
    const found = selectEndpoints(await loadRegistry(context), args.words[0]);
    await output.writeJson(createTargetGroups(found.map(({ endpoint }) => endpoint)));
  },
};

/** Serves the list until the program is interrupted. */
async function serve(
  context: CliContext,
  address: { readonly hostname: string; readonly port: number },
): Promise<void> {
  const { args, output, signal } = context;
  const filter = createSelector(args.words[0]);
  const { etcd, topKey } = await readConnection(context);
  const logger = createConnectionLogger(output, { etcd, topKey });
  const options = { ...etcd, topKey, observe: true, startOffline: true, logger };
  await using discovery = new Etcd3Discovery(options);
  await using http = new HttpService(address, { logger });
  try {
    await discovery.start(signal);
    const targets = scrapeTargets(discovery, { filter });
    http.register("/targets", refuseUntilSynced(discovery, targets, signal));
    await http.start();
    await output.writeNote(`Serving ${http.url}/targets until Ctrl-C`);
    await pause(Infinity, signal);
  } catch (error) {
    if (!signal.aborted) throw error; // an interruption is the usual end
  }
}

/**
 * Refuses requests until the endpoints are known. An empty list would end all monitoring, while
 * Prometheus keeps its list after a failure. A request that comes at the start waits a moment.
 */
function refuseUntilSynced(
  discovery: Etcd3Discovery,
  servlet: Servlet,
  signal: AbortSignal,
): Servlet {
  const synced = untilSynced(discovery);
  return async (request) => {
    if (discovery.health.lastSync === undefined) {
      await waitFor(synced, { timeoutMs: FIRST_LIST_MS, signal }).catch(() => {}); // refused below
    }
    if (discovery.health.lastSync !== undefined) return await servlet(request);
    return createRefusal(503, "The endpoints are not known yet: there is no list from etcd");
  };
}

async function untilSynced(discovery: Etcd3Discovery): Promise<void> {
  for await (const { lastSync } of discovery.healthChanges()) {
    if (lastSync !== undefined) return;
  }
}

function parseListen(text: string): { readonly hostname: string; readonly port: number } {
  const [, hostname = "127.0.0.1", digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits ?? NaN);
  if (port <= 65_535) return { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port };
  throw new UsageError(
    `Cannot use --listen ${toPrintable(text, 40)}: give a port, such as 9099, or HOST:PORT`,
  );
}
