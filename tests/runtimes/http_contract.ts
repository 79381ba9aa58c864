import { listenWithNode } from "../../src/http/server/adapters/node_server.ts";
import { testHttpServer } from "../http/contract.ts";
import { testHttpServerBodies } from "../http/contract_bodies.ts";
import { testHttpServerLimits } from "../http/contract_limits.ts";
import { testHttpsServer } from "../http/contract_tls.ts";
import { makeCertificates } from "../support/certificates.ts";

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
