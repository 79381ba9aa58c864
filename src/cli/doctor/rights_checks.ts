import { EtcdClient, EtcdError, prefixEnd } from "../../etcd/mod.ts";
import type { Connection } from "../connection/mod.ts";
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
  const rangeEnd = prefixEnd(prefix);
  const range = `${prefix} to ${new TextDecoder().decode(rangeEnd)}`;
  const read = await findDenial(() =>
    client.kv.range(prefix, { rangeEnd, limit: 1, keysOnly: true, signal })
  );
  // etcd checks the rights of both branches, and applies only the empty one.
  const write = await findDenial(() =>
    client.kv.txn([], { then: [], otherwise: [{ put: `${prefix}doctor`, value: "" }] }, { signal })
  );
  signal.throwIfAborted();
  const grant = (right: string) =>
    `etcdctl role grant-permission ROLE ${right} "${prefix}" "${topKey}0"`;
  return [
    toFinding(read, {
      right: `read the keys from ${range}`,
      denied: (message) => createError(CHECK, message, grant("read")),
    }),
    toFinding(write, {
      right: `write the keys from ${range}`,
      denied: (message) =>
        createWarning(CHECK, `${message}; only observers do not need it`, grant("readwrite")),
    }),
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
  { right, denied }: { readonly right: string; readonly denied: (message: string) => Finding },
): Finding {
  if (error === undefined) return createOk(CHECK, `This client may ${right}`);
  if (error instanceof EtcdError && error.code === "permission-denied") {
    return denied(`This client may not ${right}`);
  }
  if (error instanceof EtcdError && error.code === "no-space") {
    return createError(CHECK, `No client may ${right}: etcd is full`, NO_SPACE_CURE);
  }
  return describeFailure(`Cannot find out whether this client may ${right}`, error, CHECK);
}
