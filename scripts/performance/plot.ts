import type { RatioSummary } from "./ratio.ts";

const LEFT = 250, WIDTH = 360, ROW = 34, TOP = 40;

/** Draws the share of each bare peer's rate: a bar, its spread, and a mark at the aim. */
export function drawPlot(summaries: readonly RatioSummary[], date: string): string {
  const most = Math.max(1.2, ...summaries.map(({ highest }) => highest));
  const x = (share: number) => (LEFT + share / most * WIDTH).toFixed(1);
  const height = TOP + summaries.length * ROW + 40;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    `<line x1="${x(share)}" x2="${x(share)}" y1="${TOP - 6}" y2="${height - 34}" stroke="#ccc"/>` +
    `<text x="${x(share)}" y="${height - 18}" text-anchor="middle">${share * 100} %</text>`
  );
  const rows = summaries.map((summary, index) => drawRow(summary, TOP + index * ROW, x));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 60} ${height}" ` +
    `font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="10" y="22" font-weight="bold">Rate as a share of a bare program's, ${date}</text>`,
    ...grid,
    ...rows,
    `</svg>`,
    "",
  ].join("\n");
}

function drawRow(summary: RatioSummary, y: number, x: (share: number) => string): string {
  const { what, share, lowest, highest, leastShare, passed } = summary;
  const middle = y + ROW / 2 - 4;
  const width = (Number(x(share)) - LEFT).toFixed(1);
  return [
    `<text x="${LEFT - 10}" y="${middle + 5}" text-anchor="end">${what}</text>`,
    `<rect x="${LEFT}" y="${y + 4}" width="${width}" height="${ROW - 16}" ` +
    `fill="${passed ? "#2a7f62" : "#b3541e"}"/>`,
    `<line x1="${x(lowest)}" x2="${x(highest)}" y1="${middle}" y2="${middle}" stroke="#111"/>`,
    `<line x1="${x(leastShare)}" x2="${x(leastShare)}" y1="${y}" y2="${y + ROW - 8}" ` +
    `stroke="#111" stroke-width="2" stroke-dasharray="4 2"/>`,
  ].join("\n");
}
