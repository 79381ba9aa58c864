import { hideCredentials } from "../../util/mod.ts";
import type { RegistrySnapshot } from "../../discovery/etcd3/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { isCallableHost, isLoopbackHost } from "../../http/mod.ts";
import { type CallSettings, reachEndpoints } from "../connection/mod.ts";
import type { CliContext } from "../cli_command.ts";
import { createError, createOk, createWarning, type Finding } from "./finding.ts";

const CHECK = "addresses";

/** Settings of {@link checkAddresses}. */
export interface AddressCheckOptions {
  /** Settings of the requests. */
  readonly calls: CallSettings;
  /** Longest wait for each endpoint. */
  readonly timeoutMs: number;
  /** Members of etcd, as `host:port`. */
  readonly etcd: readonly string[];
}

/** Checks the addresses of all endpoints, and asks each endpoint for an answer. */
export async function checkAddresses(
  context: CliContext,
  { endpoints: registered }: RegistrySnapshot,
  options: AddressCheckOptions,
): Promise<readonly Finding[]> {
  const endpoints = registered.map(({ endpoint }) => endpoint);
  const addresses = [...new Set(endpoints.map(({ containerId }) => containerId ?? ""))];
  const hosts = [...options.etcd.map((one) => `http://${one}`), ...addresses].map(findHost);
  // Where all is on one machine, loopback is right; the endpoints of others would not answer.
  const isOneMachine = hosts.every((host) => host === undefined || isLoopbackHost(host));
  const shapes = addresses.flatMap((address) => checkShape(address, isOneMachine));
  const results = await reachEndpoints(context, endpoints, options);
  const failures = new Map<string, EndpointDescription[]>();
  results.forEach((result, index) => {
    const endpoint = endpoints[index];
    if (result.isReached || endpoint === undefined) return;
    const name = `${formatAddress(endpoint.containerId)}: ${result.error}`;
    failures.set(name, [...failures.get(name) ?? [], endpoint]);
  });
  const reached = results.filter(({ isReached }) => isReached).length;
  return [
    ...endpoints.length === 0 ? [] : [
      createOk(CHECK, `${reached} of ${endpoints.length} endpoints answer`),
    ],
    ...shapes,
    ...[...failures].map(describeFailures),
  ];
}

function describeFailures([name, failed]: [string, readonly EndpointDescription[]]): Finding {
  const [first] = failed;
  const others = failed.length - 1;
  const verb = others > 0 ? ` and ${others} more do` : " does";
  return createError(
    CHECK,
    `The endpoint ${first?.id}${verb} not answer at ${name}`,
    /\b40[13]\b|denied/.test(name)
      ? "give --bearer-file or --header with the rights to call it"
      : "start its exporter, let it advertise an address that this machine can reach " +
        "(advertisedHostname), or open the firewall",
  );
}

function parseAddress(address: string): URL | undefined {
  const url = URL.parse(address);
  return url === null || !/^https?:$/.test(url.protocol) ? undefined : url;
}

function findHost(address: string): string | undefined {
  return parseAddress(address)?.hostname.replace(/^\[(.*)\]$/, "$1");
}

function checkShape(address: string, isOneMachine: boolean): Finding[] {
  const [url, host] = [parseAddress(address), findHost(address)];
  if (url === undefined || host === undefined) return [];
  if (!isCallableHost(host)) {
    const cure = "set advertisedHostname in its exporter";
    return [createError(CHECK, `No process can call the address ${formatAddress(address)}`, cure)];
  }
  const credentials = url.username === "" && url.password === "" ? [] : [
    createWarning(
      CHECK,
      `The address ${formatAddress(address)} has a user name or a password, which every client ` +
        "of etcd can read",
      "advertise the address without them, and give the callers a token",
    ),
  ];
  if (isOneMachine || !isLoopbackHost(host)) return credentials;
  return [
    ...credentials,
    createWarning(
      CHECK,
      `Only processes of its own machine can call the loopback address ${formatAddress(address)}`,
      "set hostname and advertisedHostname in its exporter if others are to call it",
    ),
  ];
}

/** Formats an address alone: within a message, one with a space can't be told apart. */
function formatAddress(address: string | undefined): string {
  return hideCredentials(String(address));
}
