import process from "node:process";

/**
 * Runs a function and returns the milliseconds for which it kept processors busy. Unlike the
 * time on a clock, it does not grow while other programs have the processors.
 */
export function measureProcessorMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
