/**
 * Calls the greeter once: `first_call.ts ETCD`. Runs on every runtime.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { remoteServices } from "@remote-services/etcd3";

interface Greeter {
  greet(caller: string): string;
}

const [endpoints = ""] = process.argv.slice(2);
const host = await remoteServices({ etcd: { endpoints } });
try {
  console.log(await (await host.service<Greeter>("com.example.Greeter")).greet("you"));
} finally {
  await host.close();
}
