import { type HostRules, type HttpTransport, parseHttpTarget } from "../../../http/mod.ts";
import { type EndpointDescription, RS } from "../../../endpoint/mod.ts";
import { XmlRpcClient, XmlRpcFault, XmlRpcTransportError } from "../../../xmlrpc/mod.ts";
import { ENDPOINT_HEADER } from "../constants.ts";
import { findAddressProblem } from "../refused_address.ts";
import { findRefusal } from "../refusals.ts";

/** Settings of {@link probeEndpoint}. */
export interface ProbeOptions {
  /** Sends the request. */
  readonly http: HttpTransport;
  /** Headers of the request, such as `authorization`. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Hosts that may be called. @default every host */
  readonly allowHosts?: HostRules | undefined;
  /** Longest wait for the answer in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal;
}

/** Method that no service has. */
const NO_METHOD = "rs:probe";
/** Statuses by which a proxy reports that there is no server behind it. */
const GATEWAY_ERRORS: ReadonlySet<number> = new Set([502, 503, 504]);
/** A call of that method: a path without an XML-RPC server has no answer to it. */
const CALL = '<?xml version="1.0"?><methodCall><methodName>' + NO_METHOD +
  "</methodName><params/></methodCall>";
/** Largest answer that is read. */
const MAX_BYTES = 1024 * 1024;

/**
 * Resolves once an endpoint has answered; none of its methods runs. An exporter of this
 * library confirms that it has this very endpoint; of any other an HTTP answer other than "not
 * found" is enough.
 *
 * @throws {Error} with the reason if the endpoint can't be called
 * @example
 * ```ts
 * import { memory, remoteServices } from "@remote-services/etcd3";
 * import { HttpClient } from "../../../http/mod.ts";
 *
 * await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
 * const { endpoint } = await host.register("com.example.Greeter", { greet: () => "Hello" });
 * await using http = new HttpClient();
 * await probeEndpoint(endpoint, { http, timeoutMs: 5000 });
 * ```
 */
export async function probeEndpoint(
  endpoint: EndpointDescription,
  options: ProbeOptions,
): Promise<void> {
  const { containerId, remoteServiceId, extras } = endpoint;
  if (containerId === undefined) throw new TypeError("it has no address");
  const problem = findAddressProblem(endpoint, parseHttpTarget(containerId), options.allowHosts);
  if (problem !== undefined) throw new Error(problem);
  const features = String(extras.get(RS.features) ?? "").split(/[\s,]+/);
  if (features.includes("endpoint-id") && remoteServiceId !== undefined) {
    await probeOwn(containerId, `${remoteServiceId}.${NO_METHOD}`, endpoint.id, options);
  } else {
    await probeServer(containerId, options);
  }
}

/** Sends a call that an exporter of this library refuses, if it has the endpoint. */
async function probeOwn(
  address: string,
  methodName: string,
  endpointId: string,
  { http, headers = {}, timeoutMs, signal }: ProbeOptions,
): Promise<void> {
  const client = new XmlRpcClient(address, { http, headers, timeoutMs, maxReplyBytes: MAX_BYTES });
  try {
    await client.call(methodName, [], { signal, headers: { [ENDPOINT_HEADER]: endpointId } });
  } catch (error) {
    const refusal = error instanceof XmlRpcFault ? findRefusal(error.faultCode) : undefined;
    if (refusal === "no-such-method") return;
    if (refusal === "wrong-service") {
      throw new Error("another process answers at its address", { cause: error });
    }
    // The method of the probe is no concern of the user.
    if (error instanceof XmlRpcTransportError) throw new Error(error.reason, { cause: error });
    throw error;
  }
  throw new Error("the answer is not from this library");
}

async function probeServer(address: string, options: ProbeOptions): Promise<void> {
  const { http, headers = {}, timeoutMs, signal } = options;
  const target = parseHttpTarget(address);
  const reply = await http.request({
    target,
    method: "POST",
    headers: Object.entries({ "content-type": "text/xml", ...headers }),
    body: CALL,
    timeoutMs,
    signal,
    maxBytes: MAX_BYTES,
  });
  if (reply.status === 404) {
    throw new Error("another server answers at its address: HTTP status 404");
  }
  if (GATEWAY_ERRORS.has(reply.status)) throw new Error(`HTTP status ${reply.status}`);
}
