import { CACHE_FOLDER } from "../npm/project.ts";
import { NODE_24, type Runtime } from "../npm/tools.ts";

/** Programs of the system that scripts of npm use. */
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

/** Returns an environment whose PATH begins with a runtime and its tools, such as npm. */
export async function createToolPath(runtime: Runtime): Promise<Record<string, string>> {
  const folder = `${CACHE_FOLDER}/bin/${runtime.id}`;
  await Deno.mkdir(folder, { recursive: true });
  const npm = (script: string) => `${NODE_24.path} ${CACHE_FOLDER}/node_modules/npm/bin/${script}`;
  const programs: Record<string, string> = {
    [runtime.program]: runtime.path,
    ...(runtime.program === "bun" ? { bunx: `${runtime.path} x` } : {}),
    ...(runtime.program === "node" ? { npm: npm("npm-cli.js"), npx: npm("npx-cli.js") } : {}),
  };
  for (const [name, command] of Object.entries(programs)) {
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\nexec ${command} "$@"\n`);
    await Deno.chmod(`${folder}/${name}`, 0o755);
  }
  return {
    PATH: `${folder}:${SYSTEM_PATH}`,
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_prefer_offline: "true",
    npm_config_update_notifier: "false",
  };
}
