/** Names of properties whose values are shown nowhere. */
const SECRET =
  /pass(?:word|wd|phrase)?s?(?:$|[._-])|secret|token|credential|api[._-]?key|private[._-]?key|authorization/i;

/** Whether the name of a property speaks of a password, secret, token, credential or key. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}
