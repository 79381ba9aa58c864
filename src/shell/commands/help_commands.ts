import { type Command, CommandError } from "../command.ts";
import { writeJson } from "./listing.ts";

const help: Command = {
  name: "help",
  aliases: ["?"],
  scopes: ["default"],
  usage: "[command]",
  summary: "Lists the commands, or shows one.",
  complete: ({ commands }) => [...commands].map(({ name }) => name),
  run({ args: [wanted], json }, io, { commands }) {
    const found = [...commands]
      .filter(({ name, aliases = [] }) =>
        wanted === undefined || name === wanted || aliases.includes(wanted)
      )
      .sort((a, b) => a.name < b.name ? -1 : 1);
    if (found.length === 0) throw new CommandError(`Unknown command ${wanted}: see help`);
    if (json) return writeJson(io, found.map(describe));
    for (const { name, aliases, usage, summary } of found.map(describe)) {
      io.write(`- ${[[name, ...aliases].join(", "), usage].join(" ").trimEnd()}\n\t${summary}\n`);
    }
  },
};

const quit: Command = {
  name: "quit",
  aliases: ["exit"],
  scopes: ["default"],
  summary: "Ends the shell and the program.",
  run: (_call, _io, context) => context.quit(),
};

function describe({ name, aliases = [], scopes = [], usage = "", summary }: Command) {
  return { name, aliases, scopes, usage, summary };
}

/** Commands for the shell itself. */
export const HELP_COMMANDS: readonly Command[] = [help, quit];
