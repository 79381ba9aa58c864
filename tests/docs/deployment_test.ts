import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import { parseAllDocuments } from "yaml";
import { freePort } from "../../scripts/etcd_process.ts";
import { LineProcess } from "../../scripts/line_process.ts";
import { testEtcd } from "../support/etcd.ts";
import { readProjectFile, ROOT } from "./markdown.ts";

const FOLDER = "examples/deployment";

/** Reads a YAML file; any syntax error or repeated key fails. */
async function readYaml(path: string): Promise<unknown[]> {
  const documents = parseAllDocuments(await readProjectFile(path), { strict: true });
  assert.ok(Array.isArray(documents));
  for (const { errors, warnings } of documents) assert.deepEqual([...errors, ...warnings], []);
  return documents.map((document) => document.toJS());
}

/** Returns the value at a path of names and indexes. */
function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    assert.ok(typeof inner === "object" && inner !== null, `${path} does not exist`);
    return Reflect.get(inner, name);
  }, value);
}

function list(value: unknown): unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}

/** Names of the environment variables that the programs read. */
async function readSettingNames(): Promise<string[]> {
  const programs = await Promise.all(
    ["exporter.ts", "consumer.ts"].map((name) => readProjectFile(`${FOLDER}/${name}`)),
  );
  const names = programs.join("").matchAll(/readSetting\("(\w+)"/g);
  return [...new Set([...names].map(([, name = ""]) => name))];
}

/** Arguments of Deno in the `CMD` of the image. */
async function readImageCommand(): Promise<string[]> {
  const command = /^CMD (\[.*\])$/m.exec(await readProjectFile(`${FOLDER}/Dockerfile`))?.[1];
  assert.ok(command, "CMD has the form with brackets");
  return JSON.parse(command);
}

Deno.test("The Dockerfile copies what exists, and what the programs need", async () => {
  const text = await readProjectFile(`${FOLDER}/Dockerfile`);
  const copies = [...text.matchAll(/^COPY (.+) (\S+)$/gm)].flatMap(([, files = "", to = ""]) =>
    files.split(" ").map((from) => ({ from, to: to.endsWith("/") ? `${to}${basename(from)}` : to }))
  );
  const folder = await Deno.makeTempDir({ prefix: "etcd3-image-" });
  try {
    for (const { from, to } of copies) {
      await Deno.mkdir(dirname(`${folder}/${to}`), { recursive: true });
      const args = ["-r", `${ROOT}/${from}`, `${folder}/${to}`];
      assert.ok((await new Deno.Command("cp", { args }).output()).success, from);
    }
    for (const [, files = ""] of text.matchAll(/^RUN deno cache (.+)$/gm)) {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["check", "--quiet", ...files.split(" ")],
        cwd: folder,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("The image has the versions of packages that the library is tested with", async () => {
  const all = at(JSON.parse(await readProjectFile("deno.json")), "imports");
  const image = Object(at(JSON.parse(await readProjectFile(`${FOLDER}/image.json`)), "imports"));
  for (const [name, version] of Object.entries(image)) assert.equal(version, at(all, name), name);
});

Deno.test("The manifests set what the programs read", async () => {
  const [deployment, policy, ...rest] = await readYaml(`${FOLDER}/kubernetes.yaml`);
  assert.equal(rest.length, 0);
  const kinds = [deployment, policy].map((one) => `${at(one, "apiVersion")} ${at(one, "kind")}`);
  assert.deepEqual(kinds, ["apps/v1 Deployment", "networking.k8s.io/v1 NetworkPolicy"]);
  const labels = at(deployment, "spec", "template", "metadata", "labels");
  assert.deepEqual(at(deployment, "spec", "selector", "matchLabels"), labels);
  assert.deepEqual(at(policy, "spec", "podSelector", "matchLabels"), labels);
  const pod = at(deployment, "spec", "template", "spec");
  const container = at(pod, "containers", 0);
  const variables = new Map(list(at(container, "env")).map((one) => [at(one, "name"), one]));
  assert.deepEqual([...variables.keys()].sort(), (await readSettingNames()).sort());
  const host = variables.get("ADVERTISED_HOST");
  assert.equal(at(host, "valueFrom", "fieldRef", "fieldPath"), "status.podIP");
  const port = at(container, "ports", 0);
  assert.equal(String(at(port, "containerPort")), at(variables.get("HTTP_PORT"), "value"));
  for (const probe of ["livenessProbe", "readinessProbe"]) {
    assert.equal(at(container, probe, "httpGet", "port"), at(port, "name"));
  }
  assert.equal(at(policy, "spec", "ingress", 0, "ports", 0, "port"), at(port, "name"));
  assert.ok(Number(at(pod, "terminationGracePeriodSeconds")) > 16, "longer than a close takes");
});

Deno.test("compose.yaml builds the image, runs its programs and sets what they read", async () => {
  const [file] = await readYaml(`${FOLDER}/compose.yaml`);
  const services = at(file, "services");
  const names = await readSettingNames();
  for (const service of ["exporter", "consumer"]) {
    const { dockerfile, context } = Object(at(services, service, "build"));
    assert.equal(context, "../..");
    await Deno.stat(`${ROOT}/${dockerfile}`);
    for (const name of Object.keys(Object(at(services, service, "environment")))) {
      assert.ok(names.includes(name), name);
    }
  }
  const image = await readImageCommand();
  const command = list(at(services, "consumer", "command"));
  assert.deepEqual(command.slice(0, -1), image.slice(0, -1), "the same permissions");
  await Deno.stat(`${ROOT}/${command.at(-1)}`);
});

Deno.test("The image's command serves the probes of the manifest and ends at SIGTERM", async () => {
  const [deployment] = await readYaml(`${FOLDER}/kubernetes.yaml`);
  const container = at(deployment, "spec", "template", "spec", "containers", 0);
  await using etcd = await testEtcd();
  const port = freePort();
  await using exporter = new LineProcess("exporter", Deno.execPath(), await readImageCommand(), {
    cwd: ROOT,
    env: {
      ETCD_ENDPOINTS: etcd.endpoint,
      HTTP_PORT: String(port),
      ADVERTISED_HOST: "127.0.0.1",
    },
  });
  await exporter.line(`Exported com.example.Clock at http://127.0.0.1:${port}/xml-rpc`);
  for (const probe of ["livenessProbe", "readinessProbe"]) {
    const response = await fetch(
      `http://127.0.0.1:${port}${at(container, probe, "httpGet", "path")}`,
    );
    await response.body?.cancel();
    assert.equal(response.status, 200, probe);
  }
  exporter.kill("SIGTERM");
  assert.equal(await exporter.exit(), 0);
});

Deno.test("The programs name a missing setting", async () => {
  await using consumer = new LineProcess("consumer", Deno.execPath(), [
    "run",
    "--quiet",
    "--allow-env",
    `${ROOT}/${FOLDER}/consumer.ts`,
  ], { env: { ETCD_ENDPOINTS: "" } });
  await consumer.line("Cannot start: set the environment variable ETCD_ENDPOINTS");
  assert.equal(await consumer.exit(), 1);
});
