const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Resolves with the name of the signal once the process receives SIGINT (Ctrl-C) or
 * SIGTERM. A second signal ends the process at once, with code 128 plus the signal's
 * number.
 *
 * @param ended ends the wait without a signal; resolves with `undefined` then
 */
export async function waitForInterruption(
  ended: Promise<unknown>,
): Promise<keyof typeof SIGNALS | undefined> {
  const { promise, resolve } = Promise.withResolvers<keyof typeof SIGNALS | undefined>();
  let isInterrupted = false;
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const onSignal = () => {
      if (isInterrupted) process.exit(128 + SIGNALS[signal]);
      isInterrupted = true;
      resolve(signal);
    };
    process.on(signal, onSignal);
    return () => process.off(signal, onSignal);
  });
  const removeListeners = () => {
    for (const remove of listeners) remove();
  };
  // The listeners stay until the end, so that a second signal is noticed.
  ended.then(removeListeners, removeListeners).then(() => resolve(undefined));
  return await promise;
}
