import type { CliCommand } from "./cli_command.ts";
import { completeWords } from "./completion.ts";
import { findCommand } from "./command_table.ts";
import type { Output } from "./output/mod.ts";
import { formatCommandHelp, formatProgramHelp, toCommandFacts } from "./help.ts";

/** Writes the help of a command, or that of the program. */
export async function writeHelp(
  output: Output,
  commands: readonly CliCommand[],
  command: CliCommand | undefined,
): Promise<void> {
  if (!output.isJson) {
    const text = command === undefined ? formatProgramHelp(commands) : formatCommandHelp(command);
    return await output.write(text);
  }
  await output.writeJson(
    command === undefined ? listVisible(commands).map(toCommandFacts) : toCommandFacts(command),
  );
}

function listVisible(commands: readonly CliCommand[]): readonly CliCommand[] {
  return commands.filter(({ isHidden }) => !isHidden);
}

/** Returns the commands with those that are about the commands themselves. */
export function addBuiltinCommands(commands: readonly CliCommand[]): readonly CliCommand[] {
  const all: CliCommand[] = [...commands];
  all.push(
    {
      name: "help",
      usage: "[COMMAND]",
      maxWords: 1,
      summary: "Explains the program, or a command.",
      complete: ({ words }) => words.length === 0 ? listVisible(all).map(({ name }) => name) : [],
      async run({ args: { words: [name] }, output }) {
        const found = name === undefined ? undefined : findCommand(name, all);
        await writeHelp(output, all, found);
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
