import type { RatioSummary } from "./ratio.ts";

/** Circumstances of a measurement. */
export interface Circumstances {
  /** Date, as in `2026-01-31`. */
  readonly date: string;
  /** Machine and runtime, such as `2 cores, linux x86_64, Deno 2.9.0`. */
  readonly machine: string;
}

const HEADER = `# Performance

Each figure compares this project with a bare program in the same run: both run in turns, and the
ratio is the median of the pairs, with the lowest and the highest. The rates themselves depend on
the machine, the ratios much less. With one call at a time a client mostly waits, and two runs
differ by up to a quarter.

- **Server.** The whole path of an exported service, with every guard and limit: HTTP service, page
  guard, XML-RPC, provider, method. The bare echo is a \`Deno.serve\` that answers the same bytes and
  does nothing else. \`wrk\` calls both. Two rows are of other methods: one that returns a promise,
  and one that is sent a struct of 20 members and returns it, where reading and writing XML counts
  most.
- **Client.** \`HttpClient\` and \`XmlRpcClient\` with their time-outs, limits and errors. The bare
  client writes the same bytes to sockets of \`node:net\` that it keeps. It is as safe as
  \`HttpClient\`: it sends nothing twice, uses no connection again that may be closed, and limits head
  and reply (see [decision 0001](decisions/0001-http-client-never-repeats.md)). It has no time-outs,
  no signals and no headers. It does not read XML either; with the codec it does no more than that.
  \`fetch\` is no measure: it may send a request twice, and takes three to five times the processor
  time. Each client makes 60,000 calls before it is measured, until the runtime compiles nothing
  more. The rates are calls per second of the client's processor time, without the time of the
  server.
`;

const FOOTER = `
## Repeat it

\`\`\`sh
deno task bench:xmlrpc load               # needs wrk; prints the ratios, takes 14 minutes
deno task bench:xmlrpc load --write-docs  # writes this page and its plot, too
\`\`\`

Leave the machine alone meanwhile. \`deno task bench:xmlrpc codec growth\` compares the codec alone
with other libraries.
`;

/** Formats the page of measured ratios. */
export function formatReport(
  summaries: readonly RatioSummary[],
  circumstances: Circumstances,
): string {
  const { date, machine } = circumstances;
  const rows = summaries.map(({ what, peer, ours, peerRate, text, bar, passed }) => [
    what,
    `${ours.toFixed(0)}/s`,
    `${peerRate.toFixed(0)}/s, ${peer}`,
    text,
    `${bar}: ${passed ? "reached" : "not reached"}`,
  ]);
  return [
    HEADER,
    "## Results",
    "",
    `Measured on ${date}: ${machine}.`,
    "",
    formatTable([["", "ours", "bare", "ratio", "aim"], ...rows]),
    "",
    "![Rates as a share of those of bare programs](performance.svg)",
    FOOTER,
  ].join("\n");
}

/** Formats a table as `deno fmt` does. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const lines = rows.map((row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}
