import { EtcdClient, EtcdError } from "../../etcd/mod.ts";
import {
  readRegistry,
  type RegisteredEndpoint,
  type RegistrySnapshot,
} from "../../discovery/etcd3/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { Filter, FilterSyntaxError } from "../../framework/mod.ts";
import type { CliContext, CompletionRequest } from "../cli_command.ts";
import { formatCount, Progress } from "../output/mod.ts";
import { CliError, UsageError } from "../errors.ts";
import { type Connection, readConnection } from "./connection.ts";
import { describeRight } from "./registry_rights.ts";

/**
 * Reads everything that is advertised, with a progress bar.
 *
 * @throws {CliError} if this client lacks the right to read it, with the command that grants it
 */
export async function loadRegistry(
  context: CliContext,
  connection?: Connection,
): Promise<RegistrySnapshot> {
  const { etcd, topKey } = connection ?? await readConnection(context);
  await using client = new EtcdClient(etcd);
  using progress = new Progress(context.io.stderr, "Reading keys");
  const { signal, output } = context;
  const snapshot = await readRegistry(client, {
    topKey,
    signal,
    onPage: (listed, total) => progress.show(listed, total),
  }).catch((cause) => {
    if (!(cause instanceof EtcdError && cause.code === "permission-denied")) throw cause;
    const { action, grant } = describeRight(topKey, "read");
    throw new CliError(`This client may not ${action}`, { cause, cure: grant });
  });
  progress.close();
  const counts = `${formatCount(snapshot.endpoints.length, "endpoint")} of ` +
    formatCount(snapshot.sessions.length, "session");
  await output.writeStep(
    `Read ${counts} from etcd at ${client.endpoint}, revision ` +
      `${snapshot.revision}`,
  );
  return snapshot;
}

/** Returns the names of all interfaces for the first word of a command, for completion. */
export async function completeInterfaces(
  { words, context }: CompletionRequest,
): Promise<readonly string[]> {
  if (words.length > 0) return [];
  const { endpoints } = await loadRegistry(context);
  return [...new Set(endpoints.flatMap(({ endpoint }) => endpoint.interfaces))];
}

/** Returns the endpoints of a snapshot that a word of the command line selects. */
export function selectEndpoints(
  { endpoints }: RegistrySnapshot,
  selector: string | undefined,
): readonly RegisteredEndpoint[] {
  const matches = createSelector(selector);
  return endpoints.filter(({ endpoint }) => matches(endpoint));
}

/**
 * Creates a test for endpoints from a word: an LDAP filter in parentheses, or the name of an
 * interface in which `*` stands for anything.
 *
 * @throws {UsageError} if the filter is invalid
 */
export function createSelector(
  selector: string | undefined,
): (endpoint: EndpointDescription) => boolean {
  if (selector === undefined) return () => true;
  if (selector.startsWith("(")) {
    const filter = parseFilter(selector);
    return (endpoint) => endpoint.matches(filter);
  }
  const parts = selector.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "s");
  return ({ interfaces }) => interfaces.some((name) => pattern.test(name));
}

function parseFilter(text: string): Filter {
  try {
    return new Filter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw new UsageError(error.message);
  }
}
