import type { CliCommand } from "./cli_command.ts";
import { completeWords } from "./completion.ts";
import { findCommand } from "./command_table.ts";
import { formatCommandHelp, formatProgramHelp, toCommandFacts } from "./help.ts";

/** Returns the commands with those that are about the commands themselves. */
export function addBuiltinCommands(commands: readonly CliCommand[]): readonly CliCommand[] {
  const all: CliCommand[] = [...commands];
  all.push(
    {
      name: "help",
      usage: "[COMMAND]",
      maxWords: 1,
      summary: "Explains the program, or a command.",
      complete: ({ words }) => words.length === 0 ? all.map(({ name }) => name) : [],
      async run({ args: { words: [name] }, output }) {
        const found = name === undefined ? undefined : findCommand(name, all);
        if (output.isJson) {
          const visible = all.filter(({ isHidden }) => !isHidden);
          return await output.writeJson(
            found === undefined ? visible.map(toCommandFacts) : toCommandFacts(found),
          );
        }
        await output.write(found === undefined ? formatProgramHelp(all) : formatCommandHelp(found));
      },
    },
    {
      name: "__complete",
      maxWords: Infinity,
      isHidden: true,
      summary: "Writes the completions of the last word, for the completion scripts.",
      async run(context) {
        const found = await completeWords(context.args.words, context, all);
        await context.output.write(found.map((one) => `${one}\n`).join(""));
      },
    },
  );
  return all;
}
