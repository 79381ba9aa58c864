import { CACHE_FOLDER, ROOT } from "../npm/project.ts";
import { runTool } from "../npm/tools.ts";
import { MODULE_NAMES, PROGRAM_FOLDER } from "./installation.ts";
import type { Step } from "./step.ts";

/** Compiler options of the package's users. */
const SETTINGS = [
  { module: "nodenext", moduleResolution: "nodenext", lib: ["es2023"] },
  { module: "nodenext", moduleResolution: "nodenext", lib: ["es2024", "dom"] },
  { module: "esnext", moduleResolution: "bundler", lib: ["es2024"] },
  { module: "esnext", moduleResolution: "bundler", lib: ["esnext", "dom"] },
];

/** Compilers by the names of their packages: the one that builds the package, and the lowest. */
const COMPILERS = ["typescript", "typescript-lowest"];

/** Steps that compile a strict program against the declarations of the installed package. */
export function createTypeSteps(): Step[] {
  return COMPILERS.flatMap((compiler) =>
    SETTINGS.map((settings, index) => ({
      name: `types: strict program with ${compiler}, ${settings.moduleResolution}, ` +
        `lib ${settings.lib.join()}`,
      run: async () => {
        const config = `tsconfig.${compiler}.${index}.json`;
        await compile({ ...settings, target: "es2023" }, compiler, config);
        return { passed: 1, failed: 0 };
      },
    }))
  );
}

async function compile(settings: object, compiler: string, configName: string): Promise<void> {
  const compilerOptions = {
    ...settings,
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const consumer = await Deno.readTextFile(`${ROOT}/tests/runtimes/types/consumer.ts`);
  await Deno.writeTextFile(`${PROGRAM_FOLDER}/consumer_types.ts`, consumer);
  const imports = MODULE_NAMES.map((name) => `import ${JSON.stringify(name)};\n`);
  await Deno.writeTextFile(`${PROGRAM_FOLDER}/all_modules.ts`, imports.join(""));
  const config = `${PROGRAM_FOLDER}/${configName}`;
  const files = ["consumer_types.ts", "all_modules.ts"];
  await Deno.writeTextFile(config, JSON.stringify({ compilerOptions, files }));
  const program = `${CACHE_FOLDER}/node_modules/${compiler}/bin/tsc`;
  await runTool(Deno.execPath(), ["run", "-A", program, "--project", config], PROGRAM_FOLDER);
}
