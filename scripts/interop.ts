/**
 * Runs the validator1 suite and more with XML-RPC clients of other languages against
 * `examples/validator1_server.ts`, and calls a server of XMLRPC::Lite. As root on Debian, missing clients are installed;
 * elsewhere a missing client is reported as not run.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { callLiteServer } from "./interop/lite_calls.ts";
import { installFromDebian } from "./etcd.ts";
import { LineProcess } from "./line_process.ts";

/** Client in another language. */
interface Foreign {
  readonly name: string;
  /** Debian packages that it needs. */
  readonly packages: string;
  /** Command that succeeds if everything that it needs is installed. */
  readonly probe: string;
  /** Command that runs it; `$1` is the server's URL and `$2` a temporary folder. */
  readonly run: string;
}

const JARS = "/usr/share/java/axmlrpc.jar";
const CLIENTS: readonly Foreign[] = [
  {
    name: "Perl RPC::XML",
    packages: "librpc-xml-perl",
    probe: "perl -MRPC::XML::Client -e 1",
    run: `perl client.pl "$1"`,
  },
  {
    name: "Perl XMLRPC::Lite",
    packages: "libxmlrpc-lite-perl libhttp-daemon-perl",
    probe: "perl -MXMLRPC::Lite -MHTTP::Daemon -e 1",
    run: `perl lite_client.pl "$1"`,
  },
  {
    name: "Ruby xmlrpc",
    packages: "ruby ruby-xmlrpc",
    probe: "/usr/bin/ruby -rxmlrpc/client -e 1",
    run: `/usr/bin/ruby client.rb "$1"`,
  },
  {
    name: "PHP xmlrpc",
    packages: "php-cli php-xmlrpc",
    probe: `php -r 'exit(function_exists("xmlrpc_decode") ? 0 : 1);'`,
    run: `php client.php "$1"`,
  },
  {
    name: "C xmlrpc-c",
    packages: "gcc libc6-dev libcurl4-openssl-dev libxmlrpc-core-c3-dev",
    probe: "xmlrpc-c-config client --libs && ls /usr/include/*/curl/curl.h",
    run: `cc -o "$2/client" client.c $(xmlrpc-c-config client --cflags --libs) && "$2/client" "$1"`,
  },
  {
    name: "Java aXMLRPC",
    packages: "default-jdk-headless libaxmlrpc-java",
    probe: `javac -version && test -f ${JARS}`,
    run: `javac -d "$2" -cp ${JARS} Client.java && java -cp "$2:${JARS}" Client "$1"`,
  },
];

async function shell(script: string, ...args: string[]) {
  return await new Deno.Command("sh", {
    args: ["-c", script, "sh", ...args],
    cwd: fileURLToPath(new URL("interop", import.meta.url)),
    stdin: "null",
  }).output();
}

async function runClient({ packages, probe, run }: Foreign, url: string): Promise<string> {
  if (!(await shell(probe)).success) {
    await installFromDebian(packages);
    if (!(await shell(probe)).success) return `not run: apt-get install ${packages}`;
  }
  const folder = await Deno.makeTempDir();
  try {
    const { success, stdout, stderr } = await shell(run, url, folder);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return success && text(stdout).endsWith("validated") ? "validated" : `FAILED ${text(stderr)}`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Calls a server of XMLRPC::Lite, which the client of the same name has installed. */
async function runLiteServer(): Promise<string> {
  const script = fileURLToPath(new URL("interop/lite_server.pl", import.meta.url));
  if (!(await shell("perl -MXMLRPC::Lite -MHTTP::Daemon -e 1")).success) return "not run";
  await using process = new LineProcess("lite", "perl", [script]);
  const url = (await process.line("Listening on ")).slice("Listening on ".length);
  try {
    await callLiteServer(url);
    return "validated";
  } catch (error) {
    return `FAILED ${error}`;
  }
}

function report(name: string, outcome: string): void {
  console.log(`${name.padEnd(26)}${outcome}`);
  if (outcome.startsWith("FAILED")) Deno.exitCode = 1;
}

const server = fileURLToPath(new URL("../examples/validator1_server.ts", import.meta.url));
await using process = new LineProcess("validator1", Deno.execPath(), [
  "run",
  "--quiet",
  "--no-prompt",
  "--allow-net",
  server,
  "--port",
  "0",
]);
const url = (await process.line("Listening on ")).slice("Listening on ".length);
for (const client of CLIENTS) {
  report(client.name, await runClient(client, url));
}
report("Server of XMLRPC::Lite", await runLiteServer());
