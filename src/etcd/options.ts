/** One or more PEM documents: text, or the bytes of a file. */
export type Pem = string | Uint8Array;

/** How to speak TLS; an empty object means TLS with the system's certificate authorities. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: Pem;
  /** This client's certificate chain; needs `key`. */
  readonly cert?: Pem;
  /** The private key of `cert`. */
  readonly key?: Pem;
  /** Name to expect in the server's certificate, when it is not the endpoint's host. */
  readonly serverName?: string;
}

/** Credentials for a cluster that has authentication enabled. */
export interface PasswordOptions {
  /** The etcd user. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
}

/** How to reach etcd. Every member may be left out. */
export interface EtcdOptions {
  /**
   * Members as `host:port`, `[v6]:port`, or with `http://` or `https://` before it;
   * the port defaults to 2379.
   * @default ["localhost:2379"]
   */
  readonly endpoints?: string | readonly string[];
  /** TLS settings; given, every endpoint is spoken to over TLS. */
  readonly tls?: TlsOptions;
  /** User name and password. */
  readonly auth?: PasswordOptions;
  /**
   * Deadline of a unary call, dialling included.
   * @default 5000
   */
  readonly callTimeoutMs?: number;
  /**
   * Longest time for one member to accept a connection and speak HTTP/2. Of several
   * endpoints each gets no more than its share of `callTimeoutMs`.
   * @default 5000
   */
  readonly dialTimeoutMs?: number;
  /**
   * Time between HTTP/2 pings while calls are open; etcd drops clients that ping
   * more often than every 5 s unless it is told otherwise.
   * @default 10000
   */
  readonly pingIntervalMs?: number;
  /**
   * Silence after a ping that means the member is dead.
   * @default 5000
   */
  readonly pingTimeoutMs?: number;
  /**
   * Largest reply accepted.
   * @default 33554432
   */
  readonly maxReplyBytes?: number;
}

/** {@link EtcdOptions} after validation, with every default filled in. */
export type ResolvedEtcdOptions =
  & { readonly endpoints: readonly string[] }
  & { readonly [Name in "tls" | "auth"]: EtcdOptions[Name] | undefined }
  & Required<Omit<EtcdOptions, "endpoints" | "tls" | "auth">>;

/**
 * Validates options and fills in the defaults.
 *
 * @throws {TypeError} on an endpoint that is no `host:port`, a mix of `http://` and
 * `https://`, or a certificate without its key.
 * @throws {RangeError} on a number that is not positive.
 */
export function resolveEtcdOptions(options: EtcdOptions = {}): ResolvedEtcdOptions {
  const given = options.endpoints ?? ["localhost:2379"];
  const listed = typeof given === "string" ? [given] : given;
  if (listed.length === 0) {
    throw new TypeError("Cannot use etcd without endpoints: the list is empty");
  }
  const endpoints = listed.map(parseEndpoint);
  const secure = new Set(endpoints.map((endpoint) => endpoint.secure));
  secure.delete(undefined);
  if (secure.size > 1 || (secure.has(false) && options.tls !== undefined)) {
    throw new TypeError("Cannot mix http:// endpoints with https:// or the tls option");
  }
  const tls = options.tls ?? (secure.has(true) ? {} : undefined);
  if ((tls?.cert === undefined) !== (tls?.key === undefined)) {
    throw new TypeError("Cannot use a TLS client certificate: give both cert and key");
  }
  return {
    endpoints: endpoints.map((endpoint) => endpoint.address),
    tls,
    auth: options.auth,
    callTimeoutMs: positive("callTimeoutMs", options.callTimeoutMs ?? 5000),
    dialTimeoutMs: positive("dialTimeoutMs", options.dialTimeoutMs ?? 5000),
    pingIntervalMs: positive("pingIntervalMs", options.pingIntervalMs ?? 10_000),
    pingTimeoutMs: positive("pingTimeoutMs", options.pingTimeoutMs ?? 5000),
    maxReplyBytes: positive("maxReplyBytes", options.maxReplyBytes ?? 32 * 1024 * 1024),
  };
}

const ENDPOINT = /^(?:(https?):\/\/)?(\[[0-9A-Fa-f:.]+\]|[^\s/:@[\]]+)(?::(\d{1,5}))?\/?$/;

function parseEndpoint(text: string): { address: string; secure: boolean | undefined } {
  const match = ENDPOINT.exec(text);
  const port = Number(match?.[3] ?? 2379);
  if (match === null || port < 1 || port > 65_535) {
    throw new TypeError(`Cannot use "${text}" as an etcd endpoint: give host:port`);
  }
  const scheme = match[1];
  return {
    address: `${match[2]}:${port}`,
    secure: scheme === undefined ? undefined : scheme === "https",
  };
}

function positive(name: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`Cannot use ${name} ${value}: give a positive number`);
}
