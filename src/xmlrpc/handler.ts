import { readBody } from "./_body.ts";
import { type DecodeOptions, readMethodCall } from "./decoder.ts";
import { encodeFault, encodeMethodResponse, type EncodeOptions } from "./encoder.ts";
import { FAULT_CODES, XmlRpcFault, XmlRpcSyntaxError } from "./errors.ts";
import type { Dialect, XmlRpcValue } from "./values.ts";

/** What a method is told besides its parameters. */
export interface CallContext {
  /** Name of the method as it was called. */
  readonly methodName: string;
  /** The HTTP request, whose body has been read. */
  readonly request: Request;
}

/**
 * Runs the method of a call and gives its result. A thrown {@link XmlRpcFault} is
 * answered as it is, any other error as a fault with its message.
 */
export type Dispatch = (
  methodName: string,
  params: readonly XmlRpcValue[],
  context: CallContext,
) => unknown;

/** Methods by name. */
export type Methods = Readonly<
  Record<string, (this: CallContext, ...params: XmlRpcValue[]) => unknown>
>;

/** How a request handler works. */
export interface HandlerOptions extends DecodeOptions, Omit<EncodeOptions, "maxDepth" | "dialect"> {
  /** Largest request body, after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /** Longest time for a request body to arrive. @default 30000 */
  readonly bodyTimeoutMs?: number;
  /** Fault code of an error that a method throws and that is no fault. @default -32500 */
  readonly errorCode?: number;
  /** Hears of each error that a method throws and that is no fault. */
  readonly onError?: (error: unknown, methodName: string) => void;
}

/**
 * Makes an XML-RPC server out of methods: a pure function from request to response.
 *
 * Faults have HTTP status 200, as clients expect. The answer is spelt in the dialect
 * of the request. Methods come from the object's own members, or from a function that
 * dispatches by itself.
 *
 * @example
 * ```ts ignore
 * import { createXmlRpcHandler } from "@remote-services/etcd3/xmlrpc";
 *
 * Deno.serve(createXmlRpcHandler({ "math.add": (a, b) => Number(a) + Number(b) }));
 * ```
 */
export function createXmlRpcHandler(
  methods: Methods | Dispatch,
  options: HandlerOptions = {},
): (request: Request) => Promise<Response> {
  const dispatch = typeof methods === "function" ? methods : dispatchTo(methods);
  return async function handleXmlRpc(request: Request): Promise<Response> {
    const refusal = refuse(request);
    if (refusal !== undefined) return refusal;
    const body = await bodyOf(request, options);
    if (body instanceof Response) return body;
    const document = await answer(body, request, dispatch, options);
    return new Response(document, { headers: { "content-type": "text/xml; charset=utf-8" } });
  };
}

function dispatchTo(methods: Methods): Dispatch {
  const table = new Map(Object.entries(methods));
  return (methodName, params, context) => {
    const method = table.get(methodName);
    if (method === undefined) {
      throw new XmlRpcFault(FAULT_CODES.methodNotFound, `Unknown method ${methodName}`);
    }
    return method.apply(context, [...params]);
  };
}

/** The HTTP answer to a request that can't hold a call. */
function refuse(request: Request): Response | undefined {
  if (request.method !== "POST") {
    return new Response("XML-RPC calls are POST requests\n", {
      status: 405,
      headers: { allow: "POST" },
    });
  }
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  // text/plain is what a form of a foreign web page could send.
  if (type === undefined || type === "" || type === "text/xml" || type === "application/xml") {
    return undefined;
  }
  return new Response("XML-RPC calls have the type text/xml\n", { status: 415 });
}

async function bodyOf(
  request: Request,
  { maxBytes = 4 * 1024 * 1024, bodyTimeoutMs = 30_000 }: HandlerOptions,
): Promise<Uint8Array | Response> {
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (!["identity", "gzip", "deflate"].includes(encoding)) {
    return new Response(`Unknown content encoding ${encoding}\n`, { status: 415 });
  }
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), bodyTimeoutMs);
  try {
    let stream: ReadableStream<Uint8Array<ArrayBuffer>> | null = request.body;
    stream = stream?.pipeThrough(new TransformStream(), { signal: stop.signal }) ?? null;
    if (encoding === "gzip" || encoding === "deflate") {
      stream = stream?.pipeThrough(new DecompressionStream(encoding)) ?? null;
    }
    const body = await readBody(stream, maxBytes);
    return body ?? new Response(`The body exceeds ${maxBytes} bytes\n`, { status: 413 });
  } catch {
    // Nobody else can be told: the body broke off, came too slowly or is no gzip.
    return stop.signal.aborted
      ? new Response(`The body took more than ${bodyTimeoutMs} ms\n`, { status: 408 })
      : new Response("The body can't be read\n", { status: 400 });
  } finally {
    clearTimeout(timer);
  }
}

async function answer(
  body: Uint8Array,
  request: Request,
  dispatch: Dispatch,
  options: HandlerOptions,
): Promise<string> {
  let dialect: Dialect = "plain";
  let methodName = "";
  try {
    const call = readMethodCall(body, options);
    ({ dialect, methodName } = call);
    const context = { methodName, request };
    const result: unknown = await dispatch(methodName, call.params, context);
    return encodeMethodResponse(result, encodeOptionsOf(options, dialect));
  } catch (error) {
    if (error instanceof XmlRpcFault) return encodeFault(error);
    if (error instanceof XmlRpcSyntaxError) return encodeFault(error.faultCode, error.message);
    options.onError?.(error, methodName);
    const message = error instanceof Error ? error.message : String(error);
    return encodeFault(options.errorCode ?? FAULT_CODES.applicationError, message);
  }
}

function encodeOptionsOf(options: HandlerOptions, dialect: Dialect): EncodeOptions {
  const { allowNil = true, largeIntegers = "error", timeZone = "utc" } = options;
  return { dialect, allowNil, largeIntegers, timeZone };
}
