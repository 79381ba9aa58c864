// Logs every call, and lets only some callers use a method. Needs no etcd:
//
//   deno run --allow-net=127.0.0.1 --allow-env=GRPC_* examples/interceptors.ts
//
// Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

// deno-lint-ignore-file no-console
import {
  bearerAuth,
  type Interceptor,
  memory,
  type Principal,
  RemoteCallError,
  remoteServices,
  withOptions,
} from "../mod.ts";

/** Logs each call with its outcome. */
const logCalls: Interceptor = (next) => async (call) => {
  const name = `${call.direction} ${call.interfaceName}.${call.method}`;
  try {
    const result = await next(call);
    console.log(`${name}: ok`);
    return result;
  } catch (error) {
    console.log(`${name}: ${error instanceof RemoteCallError ? error.code : error}`);
    throw error;
  }
};

/** Methods that only an administrator may call. */
const ADMIN_METHODS: readonly string[] = ["wipe"];

/** Refuses calls that need an administrator. */
const authorize: Interceptor = (next) => (call) => {
  const { name } = call.principal as Principal;
  if (ADMIN_METHODS.includes(call.method) && name !== "admin") {
    throw new RemoteCallError("denied", `${name} is no admin`);
  }
  return next(call);
};

interface Store {
  read(): string;
  wipe(): void;
}

const discovery = [memory()];
await using server = await remoteServices({
  discovery,
  http: { port: 0, authenticate: bearerAuth({ "t0p-s3cret": "admin", "s3cret": "ada" }) },
  interceptors: { server: [logCalls, authorize] },
  drainMs: 0,
});
await server.register<Store>("com.example.Store", { read: () => "data", wipe: () => {} });

await using client = await remoteServices({ discovery, interceptors: { client: [logCalls] } });
const store = await client.service<Store>("com.example.Store");
const ada = withOptions(store, { headers: { authorization: "Bearer s3cret" } });
console.log(await ada.read());
await ada.wipe().catch((error) => console.log(error.message));
const admin = withOptions(store, { headers: { authorization: "Bearer t0p-s3cret" } });
await admin.wipe();
