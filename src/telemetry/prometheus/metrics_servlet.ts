import type { Servlet } from "../../http/mod.ts";
import type { Authenticate } from "../../xmlrpc/mod.ts";
import type { CallStatistics } from "../call_statistics.ts";
import { createHostMetrics, type HostState } from "../host_metrics.ts";
import { createDocumentServlet } from "./document_servlet.ts";
import { formatPrometheus, PROMETHEUS_TYPE } from "./prometheus_text.ts";

/** Parts that a metrics servlet reads. */
export interface MetricsSource {
  /** Counts of calls. */
  readonly statistics: CallStatistics;
  /** Returns the state of the host. */
  readonly readState: () => HostState;
  /** Admits the senders of requests; `undefined` admits all. */
  readonly authenticate: Authenticate | undefined;
}

/** Creates the servlet that Prometheus scrapes. */
export function createMetricsServlet(
  { statistics, readState, authenticate }: MetricsSource,
): Servlet {
  return createDocumentServlet({
    contentType: PROMETHEUS_TYPE,
    authenticate,
    create: () => formatPrometheus(statistics.snapshot(), createHostMetrics(readState())),
  });
}
