import { loadBuiltin } from "../../util/mod.ts";

/**
 * Says who sends a request: gives a principal, anything but a `Response`, which methods
 * find in their call's context, or the `Response` that refuses it.
 */
export type Authenticate = (request: Request) => unknown;

/** A name that was proved, by a password or a token. */
export interface Principal {
  /** The user's name, or what the token stands for. */
  readonly name: string;
}

/**
 * Lets in who sends `Authorization: Bearer <token>`.
 *
 * @param principals for each token, the name of who has it
 * @throws {TypeError} when a token is none that RFC 6750 has.
 */
export function bearerAuth(principals: Readonly<Record<string, string>>): Authenticate {
  const entries = Object.entries(principals);
  if (!entries.every(([token]) => /^[\w.~+/-]+=*$/.test(token))) {
    throw new TypeError(
      "Cannot use a bearer token: it has letters, digits and -._~+/ only (RFC 6750)",
    );
  }
  return (request) => {
    const token = credentialsOf(request, "bearer");
    const found = token === undefined ? undefined : find(entries, token);
    return found === undefined ? refusal("Bearer") : { name: found } satisfies Principal;
  };
}

/**
 * Lets in who sends a user name and a password (RFC 7617). They cross the network
 * readable by all: use HTTPS.
 *
 * @param passwords for each user name, the password
 * @throws {TypeError} when a user name has a colon, or the realm is not ASCII.
 */
export function basicAuth(
  passwords: Readonly<Record<string, string>>,
  realm = "xml-rpc",
): Authenticate {
  const unusable = Object.keys(passwords).find((name) => name.includes(":"));
  if (unusable !== undefined) {
    throw new TypeError(`Cannot use the user name ${unusable}: it has a colon (RFC 7617)`);
  }
  if (!/^[\x20-\x7e]*$/.test(realm)) throw new TypeError("Cannot use the realm: give ASCII");
  const entries = Object.entries(passwords).map(([name, password]) =>
    [`${name}:${password}`, name] as const
  );
  return (request) => {
    const encoded = credentialsOf(request, "basic");
    const given = encoded && Buffer.from(encoded, "base64").toString("utf8");
    const found = given === undefined ? undefined : find(entries, given);
    return found === undefined
      ? refusal(`Basic realm=${JSON.stringify(realm)}, charset="UTF-8"`)
      : { name: found } satisfies Principal;
  };
}

function credentialsOf(request: Request, scheme: string): string | undefined {
  const [given, credentials] = (request.headers.get("authorization") ?? "").split(" ", 2);
  return given?.toLowerCase() === scheme ? credentials : undefined;
}

/** Looks at every entry, and takes as long for each whatever it holds. */
function find(entries: readonly (readonly [secret: string, name: string])[], given: string) {
  let found: string | undefined;
  const digest = digestOf(given);
  for (const [secret, name] of entries) {
    if (loadBuiltin("node:crypto").timingSafeEqual(digestOf(secret), digest)) found = name;
  }
  return found;
}

function digestOf(text: string): Uint8Array {
  return loadBuiltin("node:crypto").createHash("sha256").update(text).digest();
}

function refusal(challenge: string): Response {
  return new Response("Who are you?\n", {
    status: 401,
    headers: { "www-authenticate": challenge },
  });
}
