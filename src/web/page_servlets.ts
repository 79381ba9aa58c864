import { createRefusal, openBody, type Servlet, toRefusal } from "../http/mod.ts";
import { Gate, parseExactJson, toMessage, waitFor } from "../util/mod.ts";
import type { Authenticate } from "../xmlrpc/mod.ts";
import { type EndpointFeed, listMethodNames, listVisibleProperties } from "./feed/mod.ts";
import { PAGE_FILES } from "./generated/page_files.ts";
import {
  MAX_CALL_BYTES,
  type PageCallContext,
  parseCallRequest,
  runPageCall,
} from "./page_call.ts";
import { parsePageFilter } from "./page_filter.ts";
import { createJsonReply, createPageReply, secureReply } from "./page_reply.ts";
import type { PageStreams } from "./page_streams.ts";
import type { MethodRow } from "./recent_calls.ts";

/** Most calls from the page at a time. */
const MAX_CALLS = 20;
/** Longest time for the body of a call to arrive, in milliseconds. */
const BODY_TIMEOUT_MS = 10_000;

/** Answers a request of someone who may see the page. */
type PageServlet = (request: Request, principal: unknown) => Response | Promise<Response>;

/** Parts that the servlets of a page use. */
export interface PageServletsContext {
  readonly feed: EndpointFeed;
  readonly streams: PageStreams;
  readonly epoch: string;
  readonly title: string;
  readonly authenticate: Authenticate | undefined;
  /** Parts for calls; `undefined` if they are not allowed. */
  readonly call: PageCallContext | undefined;
  readonly getNowMs: () => number;
  readonly getMethods: () => readonly MethodRow[];
}

/** Returns the servlets of a page by their paths below the one of the page. */
export function createPageServlets(context: PageServletsContext): ReadonlyMap<string, Servlet> {
  const servlets = new Map<string, PageServlet>([
    ["events", (request) => openStream(request, context)],
    ["endpoint", (request) => describeEndpoint(request, context)],
    ["filter", checkFilter],
    ["settings", () => createJsonReply({ title: context.title, allowsCalls: !!context.call })],
  ]);
  for (const { name, contentType, text } of PAGE_FILES) {
    servlets.set(name === "page.html" ? "" : name, () => createPageReply(text, contentType));
  }
  const guarded = new Map<string, Servlet>();
  for (const [name, servlet] of servlets) guarded.set(name, guard(servlet, "GET", context));
  const gate = new Gate(MAX_CALLS);
  guarded.set(
    "call",
    guard((request, principal) => runCall(request, principal, { gate, context }), "POST", context),
  );
  return guarded;
}

/** Refuses requests of other pages, and of users who may not see this one. */
function guard(
  servlet: PageServlet,
  method: string,
  { authenticate }: PageServletsContext,
): Servlet {
  return async (request) => {
    const site = request.headers.get("sec-fetch-site");
    if (site !== null && site !== "same-origin" && site !== "none") {
      return secureReply(createRefusal(403, "Other sites may not use this page"));
    }
    let principal: unknown;
    try {
      principal = await authenticate?.(request);
      if (principal instanceof Response) return secureReply(toRefusal(principal));
    } catch {
      return secureReply(createRefusal(500, "Internal Server Error"));
    }
    const isHead = request.method === "HEAD" && method === "GET";
    if (request.method !== method && !isHead) {
      return secureReply(createRefusal(405, `Send ${method}`, { allow: method }));
    }
    return await servlet(request, principal);
  };
}

function openStream(request: Request, context: PageServletsContext): Response {
  const { feed, streams, epoch, getNowMs, getMethods } = context;
  const { searchParams } = new URL(request.url);
  if (streams.isFull) {
    return secureReply(createRefusal(503, "Too many clients", { "retry-after": "5" }));
  }
  try {
    const matches = parsePageFilter(searchParams.get("filter") ?? "");
    const lastId = request.headers.get("last-event-id") ?? searchParams.get("last") ?? undefined;
    if (request.method === "HEAD") return createPageReply(null, "text/event-stream");
    const stream = streams.open({ feed, epoch, getNowMs, getMethods, matches, lastId });
    return createPageReply(stream.createBody(), "text/event-stream");
  } catch (error) {
    return secureReply(createRefusal(400, toMessage(error)));
  }
}

function describeEndpoint(request: Request, { feed, call }: PageServletsContext): Response {
  const id = new URL(request.url).searchParams.get("id") ?? "";
  const record = feed.journal.get(id);
  if (record === undefined) return createJsonReply({ message: "The endpoint is gone" }, 404);
  return createJsonReply({
    id,
    properties: listVisibleProperties(record.endpoint),
    methods: listMethodNames(record.endpoint),
    isCallable: call !== undefined && !record.isOwn,
  });
}

function checkFilter(request: Request): Response {
  try {
    parsePageFilter(new URL(request.url).searchParams.get("filter") ?? "");
    return createJsonReply({ isValid: true });
  } catch (error) {
    return createJsonReply({ isValid: false, message: toMessage(error) });
  }
}

async function runCall(
  request: Request,
  principal: unknown,
  { gate, context: { call } }: { readonly gate: Gate; readonly context: PageServletsContext },
): Promise<Response> {
  const refuse = (status: number, reason: string) => secureReply(createRefusal(status, reason));
  if (call === undefined) return refuse(403, "Calls are not allowed here; see allowCalls");
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return refuse(415, "Send application/json");
  let parsed: ReturnType<typeof parseCallRequest>;
  try {
    const { clock } = call.host.framework;
    const { bytes, cancel } = openBody(request.body, { maxBytes: MAX_CALL_BYTES });
    const body = await waitFor(bytes, { timeoutMs: BODY_TIMEOUT_MS, clock }).finally(cancel);
    if (typeof body === "string") return refuse(413, `Send at most ${MAX_CALL_BYTES} bytes`);
    parsed = parseCallRequest(parseExactJson(new TextDecoder().decode(body)));
  } catch (error) {
    return refuse(400, toMessage(error));
  }
  if (!gate.enter()) return refuse(503, "Too many calls");
  try {
    return createJsonReply(await runPageCall(parsed, call, principal));
  } finally {
    gate.leave();
  }
}
