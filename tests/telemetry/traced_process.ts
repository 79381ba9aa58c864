// Forwards calls to com.example.Back, or calls com.example.Front once:
//   deno run -A tests/telemetry/traced_process.ts front|caller ETCD

// deno-lint-ignore-file no-console
import { remoteServices } from "../../mod.ts";

interface Echo {
  echo(text: string): string;
}

const [role = "", endpoints = ""] = Deno.args;
await using host = await remoteServices({ etcd: { endpoints }, http: { port: 0 }, drainMs: 0 });
if (role === "front") {
  const back = await host.service<Echo>("com.example.Back");
  await using registration = await host.register("com.example.Front", {
    echo: async (text: string) => await back.echo(text),
  });
  await registration.advertised();
  console.log("ready");
  await host.untilInterrupted();
} else {
  const front = await host.service<Echo>("com.example.Front");
  console.log(`answer ${await front.echo("hello")}`);
}
