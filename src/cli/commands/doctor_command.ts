import { EtcdClient } from "../../etcd/mod.ts";
import {
  CALL_OPTIONS,
  CONNECTION_OPTIONS,
  loadRegistry,
  readCallSettings,
  readConnection,
} from "../connection/mod.ts";
import type { CliCommand, CliContext } from "../cli_command.ts";
import { formatCount, type Output, type Style } from "../output/mod.ts";
import {
  checkAddresses,
  checkMembers,
  checkRegistry,
  checkRights,
  checkTls,
  type Finding,
} from "../doctor/mod.ts";

/** Number of findings of one check that are shown; the rest are counted. */
const MAX_SHOWN = 10;

const STYLES: Readonly<Record<Finding["level"], Style>> = {
  ok: "green",
  warning: "yellow",
  error: "red",
};

/** Looks for what is wrong in etcd and in the registry. */
export const doctorCommand: CliCommand = {
  name: "doctor",
  summary: "Finds faults of etcd and of what is advertised, and names cures.",
  details: [
    "Checks the members, releases, certificates and rights of etcd, and the sessions, keys,",
    "clocks and addresses of the endpoints, which it asks for an answer. It writes nothing.",
    "Fails if there is an error, not for warnings.",
  ],
  options: [
    { name: "all", summary: `show more than ${MAX_SHOWN} findings of a check` },
    ...CALL_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: ["doctor", "doctor --json"],
  async run(context) {
    const { output, args } = context;
    const findings = await examine(context);
    const count = (level: Finding["level"]) =>
      findings.filter((finding) => finding.level === level).length;
    const [errors, warnings] = [count("error"), count("warning")];
    if (output.isJson) {
      await output.writeJson({ errors, warnings, findings });
    } else {
      await writeFindings(output, findings, args.has("all") ? Infinity : MAX_SHOWN);
      await output.writeLine(
        `${formatCount(errors, "error")}, ${formatCount(warnings, "warning")}`,
      );
    }
    return errors === 0;
  },
};

async function examine(context: CliContext): Promise<readonly Finding[]> {
  const { signal } = context;
  const calls = await readCallSettings(context);
  const connection = await readConnection(context);
  const { timeoutMs } = connection;
  const [members, tls] = await Promise.all([
    checkMembers(connection, signal),
    checkTls(connection, signal),
  ]);
  const ofEtcd = [...members.findings, ...tls];
  if (!members.isReached) return ofEtcd;
  const rights = await checkRights(connection, signal);
  const canRead = rights[0]?.level === "ok";
  if (!canRead) return [...ofEtcd, ...rights];
  const snapshot = await loadRegistry(context, connection);
  const { endpoints } = new EtcdClient(connection.etcd).options;
  const addresses = await checkAddresses(context, snapshot, { calls, timeoutMs, etcd: endpoints });
  return [...ofEtcd, ...rights, ...checkRegistry(snapshot), ...addresses];
}

async function writeFindings(
  output: Output,
  findings: readonly Finding[],
  most: number,
): Promise<void> {
  const shown = new Map<string, number>();
  for (const { level, check, message, cure } of findings) {
    const kind = `${level} ${check}`;
    const number = (shown.get(kind) ?? 0) + 1;
    shown.set(kind, number);
    if (number > most) continue;
    await output.writeStyled(level.padEnd(7), STYLES[level], `  ${check.padEnd(9)}  ${message}`);
    if (cure !== undefined) await output.writeLine(`${" ".repeat(20)}cure: ${cure}`);
  }
  for (const [kind, number] of shown) {
    if (number > most) {
      await output.writeLine(`${number - most} more findings of "${kind}": see --all`);
    }
  }
}
