import { callUser, type Logger, Subscription } from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { ServiceReference } from "../framework/mod.ts";
import { RemoteServiceError } from "./errors.ts";
import type {
  FailedAdminEvent,
  RemoteServiceAdminEvent,
  RemoteServiceAdminListener,
} from "./registrations.ts";

/** An export and the names of the properties that it left out. */
interface LeftOut {
  readonly leftOut: readonly string[];
  readonly reference: ServiceReference;
  readonly endpoint: EndpointDescription;
}

/** Listeners of an admin; one that throws or rejects is logged and ends nothing. */
export class AdminEvents {
  readonly #listeners = new Map<object, RemoteServiceAdminListener>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener. */
  add(listener: RemoteServiceAdminListener): Subscription {
    const key = {};
    this.#listeners.set(key, listener);
    return new Subscription(() => this.#listeners.delete(key));
  }

  /** Notifies every listener, in the order in which they were added. */
  emit(event: RemoteServiceAdminEvent): void {
    for (const listener of [...this.#listeners.values()]) {
      const subject = event.endpoint?.id ?? ("reference" in event && event.reference?.id);
      callUser(`A listener of ${event.type} of ${subject}`, this.#logger, () => listener(event));
    }
  }

  /** Notifies of a failure: a warning if no provider fits, an error otherwise. */
  emitFailure(
    kind: "export" | "import",
    details: Pick<FailedAdminEvent, "endpoint" | "reference" | "exception">,
  ): void {
    const { exception } = details;
    const isWarning = exception instanceof RemoteServiceError && exception.code === "no-provider";
    this.emit({ type: isWarning ? `${kind}-warning` : `${kind}-error`, ...details });
  }

  /** Logs and emits a warning if an export left out properties of its service. */
  warnOfLeftOut({ leftOut, reference, endpoint }: LeftOut): void {
    if (leftOut.length === 0) return;
    const exception = new TypeError(
      `Cannot export the properties ${leftOut.join(", ")} of service ${reference.id}: they have ` +
        "no form that can travel; give strings, numbers, booleans, dates, bytes or lists of them",
    );
    this.#logger.warn(exception.message, { endpointId: endpoint.id });
    this.emit({ type: "export-warning", endpoint, reference, exception });
  }
}
