let isOpen = false;

/**
 * Lets Deno open its pipe of signals while there is a free file descriptor. By itself Deno does
 * so half a second after the start of a program, and ends it with a panic
 * (`ext/signals/lib.rs`, `Too many open files`) if clients have taken all descriptors by then.
 */
export function openSignalPipe(): void {
  if (isOpen || globalThis.Deno?.build.os === "windows") return;
  isOpen = true;
  const ignore = () => {};
  try {
    globalThis.Deno?.addSignalListener("SIGWINCH", ignore);
    globalThis.Deno?.removeSignalListener("SIGWINCH", ignore);
  } catch {
    // Without signals there is no pipe that could be missing later.
  }
}
