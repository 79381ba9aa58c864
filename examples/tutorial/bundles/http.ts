// Bundle of the HTTP service: a component factory with an address and a port.

import { type BundleDefinition, HttpService, registerComponentFactory } from "../../../mod.ts";
import { HTTP_FACTORY, HTTP_SERVICE } from "../names.ts";

/** Creates an HTTP server for each component that is instantiated. */
export const httpBasic: BundleDefinition = {
  name: "http.basic",
  version: "0.1.0",
  start(context) {
    const { logger } = context.framework;
    const fields = { logger: "http-server" };
    registerComponentFactory(context, HTTP_FACTORY, (properties) => ({
      provides: HTTP_SERVICE,
      async validate() {
        const hostname = String(properties["http.address"] ?? "127.0.0.1");
        const port = Number(properties["http.port"] ?? 8181);
        const http = new HttpService({ hostname, port });
        logger.info(`Starting HTTP server: [${hostname}]:${port} ...`, fields);
        await http.start();
        logger.info(`HTTP server started: [${hostname}]:${new URL(http.url).port}`, fields);
        return http;
      },
      invalidate: async (http: HttpService) => void await http.close(),
    }));
  },
};
