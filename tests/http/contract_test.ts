import { listenWithDeno } from "../../src/http/server/adapters/deno_server.ts";
import { listenWithNode } from "../../src/http/server/adapters/node_server.ts";
import { makeCertificates } from "../support/certificates.ts";
import { testHttpServer } from "./contract.ts";
import { testHttpServerBodies } from "./contract_bodies.ts";
import { testHttpServerLimits } from "./contract_limits.ts";
import { testHttpsServer } from "./contract_tls.ts";

testHttpServer(Deno.test, { name: "Deno.serve", listen: listenWithDeno });
testHttpServer(Deno.test, { name: "node:http", listen: listenWithNode });
testHttpServerBodies(Deno.test, { name: "node:http", listen: listenWithNode });
testHttpServerLimits(Deno.test, { name: "node:http", listen: listenWithNode });
testHttpsServer(Deno.test, { name: "node:https", listen: listenWithNode }, async () => {
  await using one = await makeCertificates();
  await using other = await makeCertificates();
  return {
    ca: one.ca,
    first: { cert: one.serverCert, key: one.serverKey },
    second: { cert: other.serverCert + other.ca, key: other.serverKey },
  };
});
