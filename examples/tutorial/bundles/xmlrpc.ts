// Bundle of the XML-RPC distribution: exports while there is an HTTP service, and imports.

import {
  type BundleDefinition,
  createComponent,
  type HttpService,
  requirement,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../../../mod.ts";
import { EXPORT_PROVIDER, HTTP_SERVICE, IMPORT_PROVIDER } from "../names.ts";

/** Registers the two halves of the XML-RPC distribution. */
export const xmlRpcDistribution: BundleDefinition = {
  name: "rsa.providers.distribution.xmlrpc",
  version: "0.1.0",
  start(context) {
    const { logger } = context.framework;
    createComponent(context, {
      name: "xmlrpc-export-distribution-provider",
      requires: { http: requirement<HttpService>(HTTP_SERVICE) },
      provides: EXPORT_PROVIDER,
      properties: {
        "remote.configs.supported": ["ecf.xmlrpc.server"],
        "remote.intents.supported": ["osgi.basic", "osgi.async"],
      },
      validate: ({ http }) => new XmlRpcExportProvider(http, { logger }),
    });
    createComponent(context, {
      name: "xmlrpc-import-distribution-provider",
      provides: IMPORT_PROVIDER,
      validate: () => new XmlRpcImportProvider(),
    });
  },
};
