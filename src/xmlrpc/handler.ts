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
 * answered as it is, any other error as a fault with its message, so that a method
 * which must not tell its errors throws a fault instead.
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
export interface HandlerOptions
  extends DecodeOptions, Omit<EncodeOptions, "maxLength" | "dialect"> {
  /** Largest request body, after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /** Longest answer, in characters. @default 8388608 */
  readonly maxReplyLength?: number;
  /** Longest time for a request body to arrive. @default 30000 */
  readonly bodyTimeoutMs?: number;
  /**
   * Fault code of an error that a method throws and that is no fault, and of a result
   * that can't be sent. @default -32500 and -32603
   */
  readonly errorCode?: number;
  /** Hears of each of these errors. */
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
    return new Response(document, XML);
  };
}

const XML: ResponseInit = { headers: [["content-type", "text/xml; charset=utf-8"]] };

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
  const given = request.headers.get("content-type") ?? "";
  const type = given === "text/xml" ? given : given.split(";")[0]?.trim().toLowerCase();
  // text/plain is what a form of a foreign web page could send.
  if (type === "" || type === "text/xml" || type === "application/xml") {
    return undefined;
  }
  return new Response("XML-RPC calls have the type text/xml\n", { status: 415 });
}

/** The formats of compressed bodies, by their content encoding. */
const FORMATS: ReadonlyMap<string, "gzip" | "deflate" | undefined> = new Map([
  ["", undefined],
  ["identity", undefined],
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
]);

/** The bytes of a request, or the HTTP answer to one whose bytes can't be had. */
async function bodyOf(
  request: Request,
  { maxBytes = 4 * 1024 * 1024, bodyTimeoutMs = 30_000 }: HandlerOptions,
): Promise<Uint8Array | Response> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (!FORMATS.has(encoding)) return new Response("Unknown content encoding\n", { status: 415 });
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), bodyTimeoutMs);
  try {
    const body = await Promise.race([
      inflated(request, maxBytes, FORMATS.get(encoding)),
      late.promise,
    ]);
    if (body === "late") {
      return new Response(`The body took more than ${bodyTimeoutMs} ms\n`, { status: 408 });
    }
    return body ?? new Response(`The body exceeds ${maxBytes} bytes\n`, { status: 413 });
  } catch {
    // Nobody else can be told: the body broke off, or is not compressed as it says.
    return new Response("The body can't be read\n", { status: 400 });
  } finally {
    clearTimeout(timer);
  }
}

/** The body, inflated; undefined when it exceeds the limit before or after. */
async function inflated(
  request: Request,
  maxBytes: number,
  format: "gzip" | "deflate" | undefined,
): Promise<Uint8Array | undefined> {
  // With its length known, the body is read at once, which is much faster.
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length > maxBytes) return undefined;
  const sent = length <= maxBytes ? await request.bytes() : await readBody(request.body, maxBytes);
  if (sent === undefined || format === undefined) return sent;
  return await readBody(
    new Blob([sent]).stream().pipeThrough(new DecompressionStream(format)),
    maxBytes,
  );
}

async function answer(
  body: Uint8Array,
  request: Request,
  dispatch: Dispatch,
  options: HandlerOptions,
): Promise<string> {
  let call: ReturnType<typeof readMethodCall>;
  try {
    call = readMethodCall(body, options);
  } catch (error) {
    if (error instanceof XmlRpcSyntaxError) return encodeFault(error.faultCode, error.message);
    return encodeFault(FAULT_CODES.internalError, "The call can't be read");
  }
  const { methodName, params, dialect } = call;
  let result: unknown;
  try {
    result = await dispatch(methodName, params, { methodName, request });
  } catch (error) {
    if (error instanceof XmlRpcFault) return encodeFault(error);
    report(error, methodName, options);
    return encodeFault(options.errorCode ?? FAULT_CODES.applicationError, textOf(error));
  }
  try {
    return encodeMethodResponse(result, encodeOptionsOf(options, dialect));
  } catch (error) {
    report(error, methodName, options);
    return encodeFault(options.errorCode ?? FAULT_CODES.internalError, textOf(error));
  }
}

/** Tells the owner of an error; what its listener throws must not cost the answer. */
function report(error: unknown, methodName: string, options: HandlerOptions): void {
  try {
    options.onError?.(error, methodName);
  } catch {
    // The client is told of the first error, and there is nobody to tell of the second.
  }
}

function textOf(error: unknown): string {
  return error instanceof Error
    ? error.message
    : typeof error === "string"
    ? error
    : "Unknown error";
}

function encodeOptionsOf(options: HandlerOptions, dialect: Dialect): EncodeOptions {
  const { allowNil = true, largeIntegers = "error", timeZone = "utc", maxDepth = 64 } = options;
  const maxLength = options.maxReplyLength ?? 8 * 1024 * 1024;
  return { dialect, allowNil, largeIntegers, timeZone, maxDepth, maxLength };
}
