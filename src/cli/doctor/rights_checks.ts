import { EtcdClient, EtcdError, prefixEnd } from "../../etcd/mod.ts";
import { type Connection, describeRight, type RegistryRight } from "../connection/mod.ts";
import { createError, createOk, createWarning, type Finding } from "./finding.ts";
import { describeFailure, NO_SPACE_CURE } from "./member_checks.ts";

const CHECK = "rights";

/** Checks the rights to read and to write the keys of the registry. Writes nothing. */
export async function checkRights(
  { etcd, topKey }: Connection,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  await using client = new EtcdClient(etcd);
  const prefix = `${topKey}/`;
  const read = await findDenial(() =>
    client.kv.range(prefix, { rangeEnd: prefixEnd(prefix), limit: 1, keysOnly: true, signal })
  );
  // etcd checks the rights of both branches, and applies only the empty one.
  const write = await findDenial(() =>
    client.kv.txn([], { then: [], otherwise: [{ put: `${prefix}doctor`, value: "" }] }, { signal })
  );
  signal.throwIfAborted();
  return [
    toFinding(read, describeRight(topKey, "read"), createError),
    toFinding(
      write,
      describeRight(topKey, "readwrite"),
      (check, message, cure) =>
        createWarning(check, `${message}; only observers do not need it`, cure),
    ),
  ];
}

/** Returns the error of a call; `undefined` if it succeeded. */
async function findDenial(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

function toFinding(
  error: unknown,
  { action, grant }: RegistryRight,
  createDenied: typeof createError,
): Finding {
  if (error === undefined) return createOk(CHECK, `This client may ${action}`);
  if (error instanceof EtcdError && error.code === "permission-denied") {
    return createDenied(CHECK, `This client may not ${action}`, grant);
  }
  if (error instanceof EtcdError && error.code === "no-space") {
    return createError(CHECK, `No client may ${action}: etcd is full`, NO_SPACE_CURE);
  }
  return describeFailure(`Cannot find out whether this client may ${action}`, error, CHECK);
}
