import type { Metric } from "../metric.ts";
import type { MethodStatistics } from "../call_statistics.ts";
import { DURATION_BOUNDS } from "../otel_meter.ts";

/** Type of the document, version 0.0.4 of Prometheus' text format. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Bounds in seconds: those of OpenTelemetry, and two for calls within a data center. */
const BOUNDS: readonly number[] = [0.001, 0.0025, ...DURATION_BOUNDS];

type Labels = Readonly<Record<string, string>>;

/**
 * Returns the metrics of a host in Prometheus' text format.
 *
 * @param statistics counts of calls
 * @param metrics other metrics, whose names have dots
 */
export function formatPrometheus(
  statistics: readonly MethodStatistics[],
  metrics: readonly Metric[],
): string {
  const lines = [
    ...formatSide("client", statistics.filter(({ direction }) => direction === "outgoing")),
    ...formatSide("server", statistics.filter(({ direction }) => direction === "incoming")),
    ...metrics.flatMap(formatMetric),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Formats the calls of one side, client or server. */
function formatSide(side: "client" | "server", methods: readonly MethodStatistics[]): string[] {
  if (methods.length === 0) return [];
  const word = side === "client" ? "outgoing" : "incoming";
  const prefix = `rsa_${side}_call`;
  return [
    ...formatHead(`${prefix}s_total`, "counter", `Number of ${word} calls that have ended.`),
    ...methods.map((one) => formatSample(`${prefix}s_total`, nameLabels(one), one.calls)),
    ...formatHead(`${prefix}_errors_total`, "counter", `Number of ${word} calls that failed.`),
    ...methods.flatMap((one) =>
      [...one.errors].map(([code, count]) =>
        formatSample(`${prefix}_errors_total`, { ...nameLabels(one), code }, count)
      )
    ),
    ...formatHead(`${prefix}_duration_seconds`, "histogram", `Duration of ${word} calls.`),
    ...methods.flatMap((one) => formatDurations(`${prefix}_duration_seconds`, one)),
  ];
}

function nameLabels({ interfaceName, method }: MethodStatistics): Labels {
  return { interface: interfaceName, method };
}

function formatDurations(name: string, method: MethodStatistics): string[] {
  const { calls, latencies } = method;
  const labels = nameLabels(method);
  return [
    ...BOUNDS.map((bound) =>
      formatSample(
        `${name}_bucket`,
        { ...labels, le: String(bound) },
        latencies.countUpTo(bound * 1000),
      )
    ),
    formatSample(`${name}_bucket`, { ...labels, le: "+Inf" }, calls),
    formatSample(`${name}_sum`, labels, latencies.sumMs / 1000),
    formatSample(`${name}_count`, labels, calls),
  ];
}

/** Formats a metric of the host: `rsa.lease.losses` becomes `rsa_lease_losses_total`. */
function formatMetric({ name, kind, description, samples }: Metric): string[] {
  if (samples.length === 0) return [];
  const isCounter = kind === "counter";
  const fullName = name.replaceAll(".", "_") + (isCounter ? "_total" : "");
  return [
    ...formatHead(fullName, isCounter ? "counter" : "gauge", description),
    ...samples.map(({ value, attributes }) => {
      // The last part of an attribute is enough: rsa.health.state becomes state.
      const labels = Object.entries(attributes).map(([key, text]) =>
        [key.slice(key.lastIndexOf(".") + 1), String(text)] as const
      );
      return formatSample(fullName, Object.fromEntries(labels), value);
    }),
  ];
}

function formatHead(name: string, type: string, help: string): string[] {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return [`# HELP ${name} ${escaped}`, `# TYPE ${name} ${type}`];
}

function formatSample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(",")}} ${formatNumber(value)}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function formatNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
