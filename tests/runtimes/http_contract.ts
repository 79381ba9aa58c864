import { listenWithNode } from "../../src/http/server/node_server.ts";
import { testHttpServer } from "../http/contract.ts";

testHttpServer(Deno.test, { name: "node:http", listen: listenWithNode });
