/** Headers of every reply: nothing of other sites, no frame around the page, nothing kept. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Creates a reply of the page. */
export function createPageReply(
  body: BodyInit | null,
  contentType: string,
  status = 200,
): Response {
  return new Response(body, {
    status,
    headers: { ...SECURITY_HEADERS, "content-type": contentType },
  });
}

/** Creates a reply with a value as JSON. */
export function createJsonReply(value: unknown, status = 200): Response {
  return createPageReply(JSON.stringify(value), "application/json; charset=utf-8", status);
}

/** Returns a response with the headers of every reply. */
export function secureReply({ body, status, headers }: Response): Response {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) all.set(name, value);
  return new Response(body, { status, headers: all });
}
