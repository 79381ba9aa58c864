/**
 * A live page of the endpoints that a host knows, served by the host itself:
 *
 * ```ts
 * import { memory, remoteServices } from "@remote-services/etcd3";
 * import { webPage } from "@remote-services/etcd3/web";
 *
 * await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
 * await using page = await webPage(host);
 * console.log(page.url.endsWith("/page/")); // true
 * ```
 *
 * @module
 */
export type { PageHost } from "./feed/mod.ts";
export type { WebPageOptions } from "./options.ts";
export type { WebPage } from "./web_page.ts";
export { webPage } from "./web_page.ts";
