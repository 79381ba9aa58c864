import { parseEndpoints } from "./endpoint_addresses.ts";
import { EtcdError } from "./errors.ts";
import {
  checkOptionNames,
  hideCredentials,
  toMessage,
  waitFor,
  type WaitLimits,
} from "../util/mod.ts";

/** One or more PEM documents: a string, or the bytes of a file. */
export type Pem = string | Uint8Array;

/** A value, or a function that returns the current one at each connection. */
export type Renewable<T> = T | (() => T | Promise<T>);

/** TLS settings; an empty object means TLS with the system's certificate authorities. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: Pem;
  /** This client's certificate chain; needs `key`. */
  readonly cert?: Pem;
  /** Private key of `cert`. */
  readonly key?: Pem;
  /**
   * Name to expect in the server's certificate.
   * @default the endpoint's host
   */
  readonly serverName?: string;
  /**
   * Whether any certificate of a server is accepted, which lets an attacker impersonate etcd. Only
   * for examining a broken installation.
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** Credentials for a cluster that has authentication enabled. */
export interface PasswordOptions {
  /** Name of the etcd user. */
  readonly username: string;
  /** Password of that user. */
  readonly password: string;
}

/** Settings of {@link EtcdClient}. */
export interface EtcdOptions {
  /**
   * Members as `host:port`, `[v6]:port`, or with `http://` or `https://` before it; the port
   * defaults to 2379. A string can list several, separated by commas.
   * @default ["localhost:2379"]
   */
  readonly endpoints?: string | readonly string[];
  /**
   * TLS settings, for every endpoint. A function is called at each connection, so that renewed
   * certificates are used.
   * @default TLS for `https://` endpoints, none for others
   */
  readonly tls?: Renewable<TlsOptions>;
  /**
   * User name and password. A function is called whenever a token is needed: at each
   * connection, and when a token has expired.
   * @default none
   */
  readonly auth?: Renewable<PasswordOptions>;
  /**
   * Deadline of a unary call in milliseconds, including the time to connect.
   * @default 5000
   */
  readonly callTimeoutMs?: number;
  /**
   * Longest time in milliseconds for one member to accept a connection and speak HTTP/2. With
   * several endpoints each has at most its share of `callTimeoutMs`.
   * @default 5000
   */
  readonly dialTimeoutMs?: number;
  /**
   * Time between HTTP/2 pings while calls are open, in milliseconds. By default etcd
   * disconnects clients that ping more often than every 5 s.
   * @default 10000
   */
  readonly pingIntervalMs?: number;
  /**
   * Silence after a ping that means the member is dead, in milliseconds.
   * @default 5000
   */
  readonly pingTimeoutMs?: number;
  /**
   * Largest reply accepted, in bytes.
   * @default 33554432
   */
  readonly maxReplyBytes?: number;
}

/** Every option of the client, so that the compiler finds one that is missing here. */
const NAMES: Readonly<Record<keyof EtcdOptions, true>> = {
  endpoints: true,
  tls: true,
  auth: true,
  callTimeoutMs: true,
  dialTimeoutMs: true,
  pingIntervalMs: true,
  pingTimeoutMs: true,
  maxReplyBytes: true,
};

/** {@link EtcdOptions} after validation, with every default filled in. */
export type ResolvedEtcdOptions =
  & { readonly endpoints: readonly string[] }
  & { readonly [Name in "tls" | "auth"]: EtcdOptions[Name] | undefined }
  & Required<Omit<EtcdOptions, "endpoints" | "tls" | "auth">>;

/**
 * Validates options and fills in the defaults.
 *
 * @throws {TypeError} if an endpoint is not a `host:port`, if `http://` and `https://` are
 * mixed, if a certificate has no key, or on an option that does not exist
 * @throws {RangeError} if a number is not positive
 */
export function resolveEtcdOptions(options: EtcdOptions = {}): ResolvedEtcdOptions {
  checkOptionNames(options, { path: "", known: Object.keys(NAMES) });
  const endpoints = parseEndpoints(options.endpoints ?? "localhost:2379");
  const secure = new Set(endpoints.map((endpoint) => endpoint.secure));
  secure.delete(undefined);
  if (secure.size > 1 || (secure.has(false) && options.tls !== undefined)) {
    throw new TypeError("Cannot mix http:// endpoints with https:// or the tls option");
  }
  const tls = options.tls ?? (secure.has(true) ? {} : undefined);
  if (tls !== undefined && typeof tls !== "function") checkTls(tls);
  if (options.auth !== undefined && typeof options.auth !== "function") checkAuth(options.auth);
  return {
    endpoints: endpoints.map((endpoint) => endpoint.address),
    tls,
    auth: options.auth,
    callTimeoutMs: checkPositive("callTimeoutMs", options.callTimeoutMs ?? 5000),
    dialTimeoutMs: checkPositive("dialTimeoutMs", options.dialTimeoutMs ?? 5000),
    pingIntervalMs: checkPositive("pingIntervalMs", options.pingIntervalMs ?? 10_000),
    pingTimeoutMs: checkPositive("pingTimeoutMs", options.pingTimeoutMs ?? 5000),
    maxReplyBytes: checkPositive("maxReplyBytes", options.maxReplyBytes ?? 32 * 1024 * 1024),
  };
}

/**
 * Returns the TLS settings to connect with now.
 *
 * @throws {EtcdError} `unavailable` if the function of the option fails, is late, or returns
 * something else; the client then tries again as after a refused connection
 */
export async function readTls(
  tls: Renewable<TlsOptions> | undefined,
  limits: WaitLimits,
): Promise<TlsOptions | undefined> {
  return tls === undefined ? undefined : await readCurrent("tls", tls, checkTls, limits);
}

/**
 * Returns the credentials to authenticate with now.
 *
 * @throws {EtcdError} as {@link readTls}
 */
export async function readAuth(
  auth: Renewable<PasswordOptions>,
  limits: WaitLimits,
): Promise<PasswordOptions> {
  return await readCurrent("auth", auth, checkAuth, limits);
}

async function readCurrent<T extends object>(
  name: string,
  value: Renewable<T>,
  check: (value: T) => void,
  { timeoutMs, signal }: WaitLimits,
): Promise<T> {
  if (typeof value !== "function") return value;
  const createTimeoutError = () => new Error(`no result within ${timeoutMs} ms`);
  try {
    const current = await waitFor(callAsync(value), { timeoutMs, signal, createTimeoutError });
    check(current);
    return current;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = hideCredentials(toMessage(cause));
    const message = `Cannot connect to etcd: the function of the option ${name} failed: ${reason}`;
    throw new EtcdError("unavailable", message, { cause });
  }
}

/** Calls a function that may throw as one that rejects. */
async function callAsync<T>(run: () => T | Promise<T>): Promise<T> {
  return await run();
}

const TLS_OPTION_NAMES = Object.keys(
  {
    ca: true,
    cert: true,
    key: true,
    serverName: true,
    insecureSkipVerify: true,
  } satisfies Record<keyof TlsOptions, true>,
);

function checkTls(tls: TlsOptions): void {
  checkOptionNames(tls, { path: "tls", known: TLS_OPTION_NAMES });
  const { ca, cert, key, serverName } = tls;
  for (const [name, pem] of Object.entries({ ca, cert, key })) {
    const given: unknown = pem;
    if (given === undefined || typeof given === "string" || given instanceof Uint8Array) continue;
    throw new TypeError(`Cannot use tls.${name}: give PEM, as a string or the bytes of a file`);
  }
  // An empty name would be taken for localhost.
  if (serverName !== undefined && (typeof serverName !== "string" || serverName === "")) {
    throw new TypeError("Cannot use tls.serverName: it is no name; give one, or leave it out");
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError("Cannot use a TLS client certificate: give both cert and key");
  }
}

function checkAuth(auth: PasswordOptions): void {
  checkOptionNames(auth, { path: "auth", known: ["username", "password"] });
  if (typeof auth.username !== "string" || typeof auth.password !== "string") {
    throw new TypeError("Cannot authenticate: give a username and a password, both strings");
  }
}

function checkPositive(name: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`Cannot use ${name} ${value}: give a positive number`);
}
