import { createRefusal } from "../../http/mod.ts";
import { loadBuiltin } from "../../util/mod.ts";

/**
 * Authenticates the sender of a request: returns its principal, any value but a `Response`,
 * which methods find in the context of their call; or the `Response` that refuses the request.
 */
export type Authenticate = (request: Request) => unknown;

/** Principal with a name that was proved by a password or a token. */
export interface Principal {
  /** Name of the user or of the token. */
  readonly name: string;
}

/**
 * Creates an authenticator for `Authorization: Bearer <token>`.
 *
 * @param principals name of each token's owner, by token
 * @throws {TypeError} if a token is not a valid RFC 6750 b64token
 * @example
 * ```ts
 * import { bearerAuth, createXmlRpcHandler } from "@remote-services/etcd3/xmlrpc";
 *
 * const authenticate = bearerAuth({ "5f2b9c": "billing" });
 * const handle = createXmlRpcHandler({ ping: () => "pong" }, { authenticate });
 * const response = await handle(new Request("http://localhost/RPC2", { method: "POST" }));
 * console.log(response.status); // 401
 * ```
 */
export function bearerAuth(principals: Readonly<Record<string, string>>): Authenticate {
  checkObject(principals, "the name of each token's owner, by token");
  const entries = Object.entries(principals);
  if (!entries.every(([token]) => /^[\w.~+/-]+=*$/.test(token))) {
    throw new TypeError(
      "Cannot use a bearer token: it has letters, digits and -._~+/ only (RFC 6750)",
    );
  }
  return (request) => {
    const token = readCredentials(request, "bearer");
    const found = token === undefined ? undefined : findName(entries, token);
    return found === undefined ? createChallenge("Bearer") : { name: found } satisfies Principal;
  };
}

/**
 * Creates an authenticator for user names and passwords (RFC 7617). They cross the network in
 * readable form: use HTTPS.
 *
 * @param passwords password of each user, by name
 * @throws {TypeError} if a user name has a colon, or the realm is not ASCII
 * @example
 * ```ts
 * import { basicAuth, createXmlRpcHandler } from "@remote-services/etcd3/xmlrpc";
 *
 * const authenticate = basicAuth({ ada: "secret" });
 * const handle = createXmlRpcHandler({ ping: () => "pong" }, { authenticate });
 * ```
 */
export function basicAuth(
  passwords: Readonly<Record<string, string>>,
  realm = "xml-rpc",
): Authenticate {
  checkObject(passwords, "the password of each user, by name");
  if (Object.keys(passwords).some((name) => name.includes(":"))) {
    throw new TypeError("Cannot use the user name: it has a colon (RFC 7617)");
  }
  if (!/^[\x20-\x7e]*$/.test(realm)) throw new TypeError("Cannot use the realm: give ASCII");
  const entries = Object.entries(passwords).map(([name, password]) =>
    [`${name}:${password}`, name] as const
  );
  return (request) => {
    const encoded = readCredentials(request, "basic");
    const given = encoded && Buffer.from(encoded, "base64").toString("utf8");
    const found = given === undefined ? undefined : findName(entries, given);
    return found === undefined
      ? createChallenge(`Basic realm=${JSON.stringify(realm)}, charset="UTF-8"`)
      : { name: found } satisfies Principal;
  };
}

/** Refuses a string or a list, of which every index would be a token or a user. */
function checkObject(given: unknown, content: string): void {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return;
  throw new TypeError(`Cannot authenticate: it is not an object; give ${content}`);
}

function readCredentials(request: Request, scheme: string): string | undefined {
  const [given, credentials] = (request.headers.get("authorization") ?? "").split(" ", 2);
  return given?.toLowerCase() === scheme ? credentials : undefined;
}

/** Finds the name that belongs to a secret, in a time that does not depend on the secrets. */
function findName(
  entries: readonly (readonly [secret: string, name: string])[],
  given: string,
): string | undefined {
  let found: string | undefined;
  const wanted = digest(given);
  for (const [secret, name] of entries) {
    if (loadBuiltin("node:crypto").timingSafeEqual(digest(secret), wanted)) found = name;
  }
  return found;
}

function digest(text: string): Uint8Array {
  return loadBuiltin("node:crypto").createHash("sha256").update(text).digest();
}

function createChallenge(scheme: string): Response {
  return createRefusal(401, "Unauthorized", { "www-authenticate": scheme });
}
