import type { HttpListen, HttpServerKind } from "../http_server.ts";
import { listenWithDeno } from "./deno_server.ts";
import { listenWithNode } from "./node_server.ts";

/**
 * Returns the function that starts a server. The default is Deno's own for HTTP on Deno, the
 * fastest; `node:http` elsewhere. HTTPS is served by `node:https` in any case: Deno's own server
 * can't change its certificate without refusing connections.
 *
 * @throws {TypeError} if `deno` is asked for on another runtime
 */
export function chooseServer(kind: HttpServerKind | undefined, isTls: boolean): HttpListen {
  const hasDeno = typeof globalThis.Deno !== "undefined";
  switch (kind ?? (hasDeno && !isTls ? "deno" : "node")) {
    case "deno":
      if (!hasDeno) {
        throw new TypeError('Cannot use server: "deno": this is not Deno; leave it out');
      }
      return isTls ? listenWithNode : listenWithDeno;
    case "node":
      return listenWithNode;
  }
}
