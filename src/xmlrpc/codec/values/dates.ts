import type { TimeZone } from "./values.ts";

const DATE_TIME =
  /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/** Parses `20261122T10:11:12` and the other spellings of peers; `undefined` if invalid. */
export function parseDateTime(text: string, timeZone: TimeZone): Date | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const ms = Math.floor(Number(`0.${fraction}0`) * 1000);
  const isLocal = zone === undefined && timeZone === "local";
  const date = createDate(parts, ms, isLocal);
  // A date that does not exist has rolled over into the next month.
  if (splitDate(date, isLocal).some((part, index) => part !== parts[index])) return undefined;
  if (zone === undefined || zone === "Z") return date;
  const offset = parseOffsetMs(zone);
  if (offset === undefined) return undefined;
  const moved = new Date(date.getTime() - offset);
  return moved.getUTCFullYear() >= 0 && moved.getUTCFullYear() <= 9999 ? moved : undefined;
}

function createDate(parts: number[], ms: number, isLocal: boolean): Date {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const date = new Date(0);
  if (isLocal) {
    date.setFullYear(year, month - 1, day);
    date.setHours(hour, minute, second, ms);
  } else {
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, ms);
  }
  return date;
}

function splitDate(date: Date, isLocal: boolean): number[] {
  return isLocal
    ? [
      date.getFullYear(),
      date.getMonth() + 1,
      date.getDate(),
      date.getHours(),
      date.getMinutes(),
      date.getSeconds(),
    ]
    : [
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ];
}

/** Parses `+01:00` or `+0100` to milliseconds; `undefined` if there is no such zone. */
function parseOffsetMs(zone: string): number | undefined {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Formats a date as every peer reads it; `undefined` if its year has not four digits. */
function formatDateTime(date: Date, timeZone: TimeZone): string | undefined {
  const [year = NaN, ...rest] = splitDate(date, timeZone === "local");
  if (!(year >= 0 && year <= 9999)) return undefined;
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"));
  return `${String(year).padStart(4, "0")}${month}${day}T${hour}:${minute}:${second}`;
}

/** Converts a date and time without a zone to its form on the wire; `undefined` if invalid. */
export function formatPlainTime(text: string): string | undefined {
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(text.indexOf("T") + 1));
  const date = hasZone ? undefined : parseDateTime(text, "utc");
  return date && formatDateTime(date, "utc");
}

/**
 * Formats a `Date` or a `Temporal` object for the wire: an instant in the agreed zone, a
 * plain date and time unchanged.
 *
 * @returns an empty string if the year has not four digits, `undefined` for other objects
 */
export function formatTime(value: object, timeZone: TimeZone): string | undefined {
  if (value instanceof Date) return formatDateTime(value, timeZone) ?? "";
  // Not every runtime has Temporal, so its objects are recognized by their tags.
  switch (Object.prototype.toString.call(value)) {
    case "[object Temporal.PlainDateTime]":
      return formatPlainTime(String(value)) ?? "";
    case "[object Temporal.Instant]":
    case "[object Temporal.ZonedDateTime]":
      return formatDateTime(new Date(readEpochMs(value)), timeZone) ?? "";
    default:
      return undefined;
  }
}

function readEpochMs(value: object): number {
  return "epochMilliseconds" in value ? Number(value.epochMilliseconds) : NaN;
}
