/**
 * The program `remote-services` for runtimes without `import.meta.main`: it starts when this
 * module is loaded.
 *
 * @module
 */
import { runCli } from "./mod.ts";

await runCli();
