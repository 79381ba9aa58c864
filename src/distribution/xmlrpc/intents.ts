import { type HttpTarget, isLoopbackHost, isPrivateAddress } from "../../http/mod.ts";
import { XMLRPC_INTENTS } from "./constants.ts";

/** Intent of a service whose calls are encrypted: served over HTTPS. */
const CONFIDENTIAL = "osgi.confidential";
/** Intent of a service that other networks can't reach: at a loopback or private address. */
const PRIVATE = "osgi.private";

/** Advertised address of a server. */
export interface ServerAddress {
  /** Whether it is called over HTTPS. */
  readonly isTls: boolean;
  /** Host name or IP address; `undefined` while it is unknown. */
  readonly host: string | undefined;
}

/** Returns the intents that a server at an address can offer. */
export function listExportIntents({ isTls, host }: ServerAddress): readonly string[] {
  return [
    ...XMLRPC_INTENTS,
    ...(isTls ? [CONFIDENTIAL] : []),
    ...(host !== undefined && isPrivateHost(host) ? [PRIVATE] : []),
  ];
}

/** Returns why the address of an endpoint contradicts its intents; `undefined` if it does not. */
export function findIntentProblem(
  intents: readonly string[],
  { isTls, hostname }: Pick<HttpTarget, "isTls" | "hostname">,
): string | undefined {
  if (intents.includes(CONFIDENTIAL) && !isTls) {
    return `it has the intent ${CONFIDENTIAL}, but its address is not https`;
  }
  if (intents.includes(PRIVATE) && !isPrivateHost(hostname)) {
    return `it has the intent ${PRIVATE}, but its address is not a loopback or private IP address`;
  }
  return undefined;
}

/** Whether other networks can't reach a host. Any name but `localhost` may lead anywhere. */
function isPrivateHost(host: string): boolean {
  return isLoopbackHost(host) || isPrivateAddress(host);
}
