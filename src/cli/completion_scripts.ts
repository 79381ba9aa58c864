import { PROGRAM } from "./help.ts";

/** Shells with a completion script. */
export type ShellName = "bash" | "zsh" | "fish";

const FUNCTION = `_${PROGRAM.replaceAll("-", "_")}`;

/** Bash splits words at colons and equal signs too: the line is split again here. */
const BASH = `${FUNCTION}() {
  local line=\${COMP_LINE:0:COMP_POINT} current reply one
  local -a words
  IFS=$' \\t\\n' read -r -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=\${words[\${#words[@]}-1]}
  reply=$("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null) || return 0
  [[ -n $reply ]] || return 0
  if [[ $reply == ":file" ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "\${current#--*=}")
    return 0
  fi
  local kept=\${current%"\${current##*[:=]}"}
  while IFS= read -r one; do COMPREPLY+=("\${one#"$kept"}"); done <<< "$reply"
}
complete -F ${FUNCTION} ${PROGRAM}
`;

const ZSH = `#compdef ${PROGRAM}
${FUNCTION}() {
  local reply
  local -a replies
  reply=$("\${(Q)words[1]}" __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  [[ -n $reply ]] || return 1
  if [[ $reply == ":file" ]]; then
    compset -P '--*='
    _files
    return
  fi
  replies=("\${(@f)reply}")
  compadd -a replies
}
if [[ "\${funcstack[1]}" == "${FUNCTION}" ]]; then
  ${FUNCTION} "$@"
else
  compdef ${FUNCTION} ${PROGRAM}
fi
`;

const FISH = `function _${FUNCTION}
  set -l words (commandline -opc) (commandline -ct)
  set -l reply ($words[1] __complete -- $words[2..-1] 2>/dev/null)
  if test "$reply" = ":file"
    __fish_complete_path (string replace -r '^--[^=]*=' '' -- (commandline -ct))
  else
    printf '%s\\n' $reply
  end
end
complete -c ${PROGRAM} -f -a '(_${FUNCTION})'
`;

/** Scripts that make a shell ask the program for completions. */
export const COMPLETION_SCRIPTS: Readonly<Record<ShellName, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
};
