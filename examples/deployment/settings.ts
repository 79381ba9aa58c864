// Settings of the two programs, from environment variables.

import process from "node:process";

/** Name under which the programs know the service. */
export const CLOCK = "com.example.Clock";

/** The service: the time of the exporting machine. */
export interface TimeService {
  now(): Date;
}

/** Returns an environment variable, or a default; an empty one counts as missing. */
export function readSetting(name: string, defaultValue?: string): string {
  const value = process.env[name] || defaultValue;
  if (value === undefined) throw new Error(`Cannot start: set the environment variable ${name}`);
  return value;
}
