import type { CliCommand } from "../cli_command.ts";
import { COMPLETION_SCRIPTS, type ShellName } from "../completion_scripts.ts";
import { UsageError } from "../errors.ts";
import { toPrintable } from "../../util/mod.ts";

const SHELLS = Object.keys(COMPLETION_SCRIPTS);

/** Writes a completion script for a shell. */
export const completionsCommand: CliCommand = {
  name: "completions",
  usage: "bash|zsh|fish",
  minWords: 1,
  maxWords: 1,
  summary: "Writes a script with which a shell completes the commands.",
  details: [
    "It completes commands, options, files, and the interfaces and methods that etcd knows.",
    "",
    "  bash   source <(remote-services completions bash)          in ~/.bashrc",
    "  zsh    source <(remote-services completions zsh)           in ~/.zshrc, after compinit",
    "  fish   remote-services completions fish | source           in config.fish",
  ],
  examples: ["completions bash"],
  complete: ({ words }) => words.length === 0 ? SHELLS : [],
  async run({ args: { words: [name = ""] }, output }) {
    if (!isShellName(name)) {
      throw new UsageError(
        `Cannot write completions for ${toPrintable(name)}: give ${SHELLS.join(", ")}`,
      );
    }
    const script = COMPLETION_SCRIPTS[name];
    if (output.isJson) await output.writeJson({ shell: name, script });
    else await output.write(script);
  },
};

function isShellName(name: string): name is ShellName {
  return SHELLS.includes(name);
}
