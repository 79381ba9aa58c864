import {
  checkHttpServiceOptions,
  HTTP_SERVICE_NAMES,
  HttpService,
  type HttpServiceOptions,
} from "../../http/mod.ts";
import type { Authenticate } from "../../xmlrpc/mod.ts";
import { checkOptionNames, pickOptions } from "../../util/mod.ts";
import type {
  DistributionCloseOptions,
  DistributionContext,
  DistributionFactory,
  DistributionProvider,
} from "../mod.ts";
import { AdvertisedAddress } from "./advertised_address.ts";
import { CODEC_NAMES, type XmlRpcCodecOptions } from "./codec_options.ts";
import { EXPORT_NAMES, XmlRpcExportProvider, type XmlRpcServerOptions } from "./export_provider.ts";
import { type XmlRpcImportOptions, XmlRpcImportProvider } from "./imports/mod.ts";

/** Settings of the HTTP server and of the XML-RPC servlet on it. */
export interface XmlRpcHttpOptions
  extends HttpServiceOptions, XmlRpcServerOptions, XmlRpcCodecOptions {
  /** Path of the XML-RPC servlet. @default "/xml-rpc" */
  readonly path?: string;
  /**
   * URL that other processes are to call, if it differs from the address to listen on in
   * more than the host: behind a TLS proxy, or with a mapped port such as Docker's
   * `-p 18181:8181`. Without a path, `path` is added.
   * @default made of the scheme, `advertisedHostname`, `port` and `path`
   */
  readonly advertisedUrl?: string;
}

/** Settings of the calls to other processes. */
export type XmlRpcClientSettings = Omit<XmlRpcImportOptions, "timeoutMs" | "clock">;

/** Settings of {@link xmlRpc}. */
export interface XmlRpcOptions {
  /**
   * Settings of the server. If given, the port is taken at once; otherwise with the first
   * service that is exported.
   */
  readonly http?: XmlRpcHttpOptions;
  /** Settings of the calls to other processes. */
  readonly client?: XmlRpcClientSettings;
}

const {
  timeoutMs: _timeoutMs,
  logger: _logger,
  address: _address,
  clock: _clock,
  ...SERVLET_NAMES
} = EXPORT_NAMES;
const HTTP_NAMES: Readonly<Record<keyof XmlRpcHttpOptions, true>> = {
  ...HTTP_SERVICE_NAMES,
  ...SERVLET_NAMES,
  advertisedUrl: true,
};

const CLIENT_NAMES: Readonly<Record<keyof XmlRpcClientSettings, true>> = {
  ...CODEC_NAMES,
  allowHosts: true,
  fetch: true,
  connectTimeoutMs: true,
  headers: true,
  maxReplyBytes: true,
  proxy: true,
  tls: true,
};

/**
 * Creates the XML-RPC distribution for a host: exports over an HTTP server of its own
 * (`ecf.xmlrpc.server`), and calls what TypeScript, iPOPO and Eclipse ECF export.
 *
 * @priority 60
 * @throws {TypeError} on an option that does not exist
 * @example
 * ```ts
 * import { etcd3, remoteServices, xmlRpc } from "@remote-services/etcd3";
 *
 * await using host = await remoteServices({
 *   discovery: [etcd3({ endpoints: "localhost:2379" })],
 *   distribution: [xmlRpc({ http: { port: 8181 }, client: { timeZone: "utc" } })],
 * });
 * ```
 */
export function xmlRpc(options: XmlRpcOptions = {}): DistributionFactory {
  checkOptionNames(options, { path: "xmlRpc", known: ["http", "client"] });
  const { http = {}, client = {} } = options;
  checkHttpServiceOptions(http, "http", HTTP_NAMES);
  checkOptionNames(client, { path: "client", known: Object.keys(CLIENT_NAMES) });
  return (context) => new XmlRpcDistribution(options, context);
}

/** The XML-RPC distribution of one host, as {@link xmlRpc} creates it. */
export class XmlRpcDistribution implements DistributionProvider {
  /** Always `xmlrpc`. */
  readonly name = "xmlrpc";
  /** HTTP server, for further servlets. */
  readonly http: HttpService;
  /** Exports over the HTTP server. */
  readonly exports: XmlRpcExportProvider;
  /** Calls to other processes. */
  readonly imports: XmlRpcImportProvider;
  /** Authenticates requests, for further servlets too; `undefined` admits all. */
  readonly authenticate: Authenticate | undefined;
  /** Host that other processes call; `undefined` if it is the local address to etcd. */
  readonly advertisedHost: string | undefined;
  readonly #isStartedAtOnce: boolean;

  /** Checks the options; the port is not taken yet. */
  constructor(options: XmlRpcOptions, context: DistributionContext) {
    const { http = {}, client = {} } = options;
    const { logger, timeoutMs, clock, findLocalAddress = () => undefined } = context;
    this.#isStartedAtOnce = options.http !== undefined;
    const address = new AdvertisedAddress(http, http.path ?? "/xml-rpc", {
      logger,
      findLocalAddress,
    });
    this.advertisedHost = address.host;
    this.authenticate = http.authenticate;
    const service = pickOptions(addAllowedHost(http, address.host), HTTP_SERVICE_NAMES);
    this.http = new HttpService(service, {
      logger,
      clock,
      findLocalAddress,
    });
    this.exports = new XmlRpcExportProvider(this.http, {
      ...pickOptions(http, SERVLET_NAMES),
      timeoutMs,
      logger,
      clock,
      address,
    });
    this.imports = new XmlRpcImportProvider({ ...client, timeoutMs, clock });
  }

  /** Whether services are exported under the local address of the connection to etcd. */
  get usesLocalAddress(): boolean {
    return this.advertisedHost === undefined;
  }

  /** Listens now if the options name the server. */
  async start(): Promise<void> {
    if (this.#isStartedAtOnce) await this.http.start();
  }

  /** Reports to load balancers that the HTTP server will stop. */
  startDraining(): void {
    this.http.startDraining();
  }

  /** Closes the HTTP server, then the connections to other processes. */
  async close(options: DistributionCloseOptions = {}): Promise<number> {
    const cutCalls = await this.http.close(options);
    await this.imports.close();
    return cutCalls;
  }

  /** Same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A web page may call the server by the host that is advertised. */
function addAllowedHost(http: XmlRpcHttpOptions, host: string | undefined): XmlRpcHttpOptions {
  const isUrl = http.advertisedUrl !== undefined && host !== undefined;
  return isUrl ? { ...http, allowedHosts: [...http.allowedHosts ?? [], host] } : http;
}
