import type { Attributes } from "./open_telemetry.ts";

/** A value of a metric, and what tells it from the metric's other values. */
export interface Sample {
  readonly value: number;
  readonly attributes: Attributes;
}

/** A metric of a host that is read when somebody asks for it. */
export interface Metric {
  /** Name as in OpenTelemetry, such as `rsa.lease.losses`. */
  readonly name: string;
  /** `counter` if it only grows, `gauge` if its values cannot be added up. */
  readonly kind: "counter" | "updowncounter" | "gauge";
  /** Unit as in OpenTelemetry, such as `{endpoint}`. */
  readonly unit: string;
  /** What is counted. */
  readonly description: string;
  /** Present values. */
  readonly samples: readonly Sample[];
}
