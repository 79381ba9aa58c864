const NUMBER = new Intl.NumberFormat("en");
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** @param {number} count */
export function formatCount(count) {
  return NUMBER.format(count);
}

/**
 * Returns a number per second: with one decimal if it is small.
 *
 * @param {number} rate
 */
export function formatRate(rate) {
  if (rate === 0) return "0";
  return rate < 10 ? rate.toFixed(1) : NUMBER.format(Math.round(rate));
}

/**
 * Returns a duration of a call.
 *
 * @param {number | undefined} ms
 */
export function formatMs(ms) {
  if (ms === undefined) return "–";
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 100) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}

/**
 * Returns the time that has passed, in its largest unit.
 *
 * @param {number} ms
 */
export function formatAge(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${NUMBER.format(Math.floor(seconds / 86_400))} d`;
}

/**
 * Returns the time of day.
 *
 * @param {number} epochMs
 */
export function formatTime(epochMs) {
  return TIME.format(epochMs);
}

/**
 * Returns date and time.
 *
 * @param {number} epochMs
 */
export function formatDate(epochMs) {
  return new Date(epochMs).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/**
 * Divides the name of an interface into its package, with the last dot, and the rest.
 *
 * @param {string} name
 * @returns {[string, string]}
 */
export function splitInterface(name) {
  const at = name.lastIndexOf(".") + 1;
  return at === name.length ? ["", name] : [name.slice(0, at), name.slice(at)];
}
