import { createRefusal } from "../../http/mod.ts";

/** Returns the response for a request that can't hold a call; `undefined` if it can. */
export function refuseRequest(request: Request, contentType: string): Response | undefined {
  if (request.method !== "POST") {
    return createRefusal(405, "XML-RPC calls are POST requests", { allow: "POST" });
  }
  if (contentType === "text/xml") return undefined;
  const type = contentType.split(";")[0]?.trim().toLowerCase();
  // text/plain is what a form of a foreign web page could send.
  if (type === "" || type === "text/xml" || type === "application/xml") return undefined;
  return createRefusal(415, "XML-RPC calls have the type text/xml");
}
