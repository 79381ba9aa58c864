import { listenWithNode } from "../../src/http/server/node_server.ts";
import { testHttpServer } from "../http/contract.ts";
import { testHttpServerLimits } from "../http/contract_limits.ts";

testHttpServer(Deno.test, { name: "node:http", listen: listenWithNode });
testHttpServerLimits(Deno.test, { name: "node:http", listen: listenWithNode });
