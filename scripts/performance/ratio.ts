import { median } from "../xmlrpc/results.ts";

/** Rates of ours and of a bare peer, measured in alternating pairs. */
export interface RatioSeries {
  /** Name of the measurement, such as `server, 8 connections`. */
  readonly what: string;
  /** Bare program that ours is compared with. */
  readonly peer: string;
  /** Calls per second of each pair. */
  readonly pairs: readonly { readonly ours: number; readonly peer: number }[];
  /** Claim: the least share of the peer's rate, or the most time as a multiple of the peer's. */
  readonly bar: { readonly leastShare: number } | { readonly mostTimes: number };
}

/** A {@link RatioSeries} in figures. */
export interface RatioSummary {
  readonly what: string;
  readonly peer: string;
  /** Median rates, calls per second. */
  readonly ours: number;
  readonly peerRate: number;
  /** Share of the peer's rate: median, lowest and highest of the pairs. */
  readonly share: number;
  readonly lowest: number;
  readonly highest: number;
  /** Least share that the claim allows. */
  readonly leastShare: number;
  /** Result in the terms of the claim, such as `71 % (65 to 80)` or `1.12 times (1.05 to 1.31)`. */
  readonly text: string;
  /** The claim, such as `at least 65 %`. */
  readonly bar: string;
  readonly passed: boolean;
}

/** Computes the median of the pairs' ratios and compares it with the claim. */
export function summarize({ what, peer, pairs, bar }: RatioSeries): RatioSummary {
  const shares = pairs.map((pair) => pair.ours / pair.peer).sort((a, b) => a - b);
  const share = median(shares);
  const [lowest = NaN, highest = NaN] = [shares[0], shares.at(-1)];
  const leastShare = "leastShare" in bar ? bar.leastShare : 1 / bar.mostTimes;
  const percent = (value: number) => (value * 100).toFixed(0);
  const times = (value: number) => (1 / value).toFixed(2);
  return {
    what,
    peer,
    ours: median(pairs.map((pair) => pair.ours)),
    peerRate: median(pairs.map((pair) => pair.peer)),
    share,
    lowest,
    highest,
    leastShare,
    text: "leastShare" in bar
      ? `${percent(share)} % (${percent(lowest)} to ${percent(highest)})`
      : `${times(share)} times (${times(highest)} to ${times(lowest)})`,
    bar: "leastShare" in bar
      ? `at least ${percent(leastShare)} %`
      : `at most ${bar.mostTimes} times`,
    passed: share >= leastShare,
  };
}

/** Formats a summary as lines for a terminal. */
export function formatSummary(summary: RatioSummary): string {
  const { what, peer, ours, peerRate, text, bar, passed } = summary;
  return `${what}: ${text} of ${peer}; ${bar}: ${passed ? "reached" : "NOT reached"}\n` +
    `  ${ours.toFixed(0)}/s beside ${peerRate.toFixed(0)}/s`;
}
