/** Receives the response to a request; a second one is ignored. */
export type Respond = (response: Response) => void;

/**
 * Answers requests through a function, now or later. A handler that returns a promise is easier to
 * write, but each promise between the socket and the body costs (measured 0.7 µs for the two or
 * three of a request that is served in 6 µs beside its echo). If it throws, the answer is 500.
 */
export type Responder = (request: Request, respond: Respond) => void;

/** Answers the requests of one path. */
export type Servlet = (request: Request) => Response | Promise<Response>;

/**
 * Checks that a function takes what answers: a servlet has the type of a responder, as its result
 * may be ignored, but would never answer as one.
 *
 * @throws {TypeError} if it has fewer than two parameters
 */
export function checkResponder(path: string, responder: Responder): void {
  if (responder.length >= 2) return;
  throw new TypeError(
    `Cannot serve ${path}: a responder has two parameters, request and respond; give a function ` +
      "that returns the response to register()",
  );
}

/** Returns the responder that answers as a servlet does. */
export function toResponder(servlet: Servlet): Responder {
  return (request, respond) => {
    const response = servlet(request);
    if (!(response instanceof Promise)) return respond(response);
    response.then(respond).catch(() => respond(createErrorResponse()));
  };
}

/** Returns the response of a responder; rejects if it throws. */
export function collectResponse(responder: Responder, request: Request): Promise<Response> {
  return new Promise((resolve) => responder(request, resolve));
}

/** Returns the response to a request whose handler failed; it has no details. */
export function createErrorResponse(): Response {
  return new Response("Internal Server Error\n", { status: 500 });
}

/**
 * Adds headers to a response, also to one that does not let its own be changed. Does not throw: a
 * response that was sent before has no body any more, and its sender may not expect an error.
 */
export function addHeaders(
  { status, body, headers: before }: Response,
  headers: Readonly<Record<string, string>>,
): Response {
  const all = new Headers(before);
  for (const [name, value] of Object.entries(headers)) {
    if (name === "vary") all.append(name, value);
    else all.set(name, value);
  }
  try {
    return new Response(body, { status, headers: all });
  } catch {
    return createErrorResponse();
  }
}
