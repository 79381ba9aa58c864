import { Buffer } from "node:buffer";
import type { TimeZone } from "./values.ts";

/** Longest text of a number that is looked at; more digits mean an attack. */
const MAX_NUMBER = 400;

/** Reads a whole number and checks its range; undefined when it is none. */
export function parseInteger(text: string, bits: number): number | undefined {
  const value = parseBigInteger(text);
  const limit = 2n ** BigInt(bits - 1);
  if (value === undefined || value < -limit || value >= limit) return undefined;
  return Number(value);
}

/** Reads a whole number of any size that `MAX_NUMBER` digits can write. */
export function parseBigInteger(text: string): bigint | undefined {
  const trimmed = trimSpace(text);
  if (trimmed.length > MAX_NUMBER || !/^[+-]?\d+$/.test(trimmed)) return undefined;
  return BigInt(trimmed.replace(/^\+/, ""));
}

/** Reads `1` or `0`; `true` and `false` come from broken peers only. */
export function parseBoolean(text: string): boolean | undefined {
  const trimmed = trimSpace(text);
  return trimmed === "1" ? true : trimmed === "0" ? false : undefined;
}

/** Reads a 64-bit whole number. */
export function parseInt64(text: string): bigint | undefined {
  const value = parseBigInteger(text);
  return value === undefined || BigInt.asIntN(64, value) !== value ? undefined : value;
}

/** Reads a decimal number, with or without an exponent; never infinite. */
export function parseDouble(text: string): number | undefined {
  const trimmed = trimSpace(text);
  if (trimmed.length > MAX_NUMBER) return undefined;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

const DATE_TIME =
  /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads `20261122T10:11:12` and the spellings that peers use besides. */
export function parseDateTime(text: string, timeZone: TimeZone): Date | undefined {
  const match = DATE_TIME.exec(trimSpace(text));
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const ms = Math.floor(Number(`0.${fraction}0`) * 1000);
  const isLocal = zone === undefined && timeZone === "local";
  const date = dateOf(parts, ms, isLocal);
  // A date that does not exist would have rolled over into the next month.
  if (partsOf(date, isLocal).some((part, index) => part !== parts[index])) return undefined;
  if (zone === undefined || zone === "Z") return date;
  const offset = offsetMs(zone);
  if (offset === undefined) return undefined;
  const moved = new Date(date.getTime() - offset);
  return moved.getUTCFullYear() >= 0 && moved.getUTCFullYear() <= 9999 ? moved : undefined;
}

function dateOf(parts: number[], ms: number, isLocal: boolean): Date {
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

function partsOf(date: Date, isLocal: boolean): number[] {
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

/** The offset of `+01:00` or `+0100`; undefined where there is no such zone. */
function offsetMs(zone: string): number | undefined {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Writes the one form that every peer reads; undefined for a date it can't hold. */
export function formatDateTime(date: Date, timeZone: TimeZone): string | undefined {
  const [year = NaN, ...rest] = partsOf(date, timeZone === "local");
  if (!(year >= 0 && year <= 9999)) return undefined;
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"));
  return `${String(year).padStart(4, "0")}${month}${day}T${hour}:${minute}:${second}`;
}

/** Writes a finite number without an exponent, and always with a decimal point. */
export function formatDouble(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "0", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, "0");
  return `${sign}${padded.slice(0, point)}.${padded.slice(point) || "0"}`;
}

/** Reads base64 with white space anywhere and with or without its padding. */
export function parseBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/[ \t\n\r]+/g, "");
  const body = compact.replace(/={1,2}$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(body) || body.length % 4 === 1) return undefined;
  if (body !== compact && compact.length % 4 !== 0) return undefined;
  return Uint8Array.from(Buffer.from(body, "base64"));
}

/** Writes base64 in one line. */
export function formatBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Trims XML white space, which `trim()` does not: it takes U+00A0 too. */
function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpaceAt(text, from)) from++;
  while (to > from && isSpaceAt(text, to - 1)) to--;
  return text.slice(from, to);
}

function isSpaceAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}
