import { encodeEdef } from "../../endpoint/mod.ts";
import { type Command, requireArgument } from "../command.ts";
import { fileExists, readEdef } from "./edef_file.ts";
import { writeJson, writeLines } from "./listing.ts";
import { checkConfigType, listConfigNames } from "./provider_commands.ts";

const showdefaults: Command = {
  name: "showdefaults",
  scopes: ["rsa"],
  summary: "Shows the default configuration type and EDEF file.",
  async run({ json }, io, { defaults }) {
    const exists = await fileExists(defaults.edefFile);
    if (json) return writeJson(io, { ...defaults, exists });
    const existsText = exists === undefined ? "unknown" : exists ? "True" : "False";
    writeLines(io, [
      "Defaults",
      `\texport_config=${defaults.exportConfig}`,
      `\tEDEF file=${defaults.edefFile};exists=${existsText}`,
    ]);
  },
};

const setdefaults: Command = {
  name: "setdefaults",
  scopes: ["rsa"],
  usage: "<config> [file]",
  summary: "Changes the default configuration type and EDEF file.",
  complete: listConfigNames,
  async run(call, io, context) {
    const config = requireArgument(call, 0, "a configuration type");
    checkConfigType(context, config);
    context.defaults.exportConfig = config;
    context.defaults.edefFile = call.args[1] ?? context.defaults.edefFile;
    await showdefaults.run(call, io, context);
  },
};

const showedeffile: Command = {
  name: "showedeffile",
  scopes: ["rsa"],
  summary: "Shows the EDEF file.",
  async run(_call, io, { defaults }) {
    const endpoints = await readEdef(defaults.edefFile, io);
    io.write(`${await encodeEdef(endpoints)}\n`);
  },
};

/** Commands for the defaults, as in `pelix.rsa.shell`. */
export const DEFAULT_COMMANDS: readonly Command[] = [showdefaults, setdefaults, showedeffile];
