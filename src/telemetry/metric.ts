import type { Attributes } from "./open_telemetry.ts";

/** A value of a metric, with the attributes that distinguish it from the others. */
export interface Sample {
  readonly value: number;
  readonly attributes: Attributes;
}

/** A metric of a host that is read on request. */
export interface Metric {
  /** Name as in OpenTelemetry, such as `rsa.lease.losses`. */
  readonly name: string;
  /** `counter` if it only grows, `gauge` if its values cannot be added up. */
  readonly kind: "counter" | "updowncounter" | "gauge";
  /** Unit as in OpenTelemetry, such as `{endpoint}`. */
  readonly unit: string;
  /** Description of the metric. */
  readonly description: string;
  /** Present values. */
  readonly samples: readonly Sample[];
}
