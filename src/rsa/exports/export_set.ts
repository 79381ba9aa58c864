import type { ServiceProperties, ServiceReference } from "../../framework/mod.ts";
import type { ExportDistributionProvider } from "../../distribution/mod.ts";
import type { AdminEvents } from "../admin_events.ts";
import { createClosedError } from "../errors.ts";
import type { EndpointAdminEvent, ExportRegistration } from "../registrations.ts";
import { Shared } from "../shared_registration.ts";
import { chooseExports, type ExportChoice } from "./export_choices.ts";
import { createExportKey, type ExportSource, mergeProperties } from "./export_source.ts";
import { type ExportContext, Exporter } from "./exporter.ts";
import { exportedInterfaces } from "./export_properties.ts";

/** Exports of an admin: endpoints, and the registrations that hold them. */
export class ExportSet {
  readonly #context: ExportContext;
  readonly #providers: readonly ExportDistributionProvider[];
  readonly #events: AdminEvents;
  readonly #exporting = new Map<string, Promise<Shared<Exporter>>>();
  readonly #registrations = new Set<ExportRegistration>();

  constructor(
    context: ExportContext,
    providers: readonly ExportDistributionProvider[],
    events: AdminEvents,
  ) {
    this.#context = context;
    this.#providers = providers;
    this.#events = events;
  }

  /** Registrations that are open. */
  get registrations(): readonly ExportRegistration[] {
    return [...this.#registrations];
  }

  /**
   * Exports a service once for each recognized configuration type. Types that fail are
   * reported as events.
   *
   * @throws the first failure if every type failed
   */
  async add(source: ExportSource): Promise<ExportRegistration[]> {
    const outcomes = await Promise.allSettled(
      this.#choose(source).map((choice) => this.#addOne(source, choice)),
    );
    const registrations = outcomes.flatMap((one) => one.status === "fulfilled" ? one.value : []);
    const failure = outcomes.find((one) => one.status === "rejected");
    if (registrations.length === 0 && failure !== undefined) throw failure.reason;
    return registrations;
  }

  /** Closes the registrations of a service. */
  async closeExports(reference: ServiceReference): Promise<void> {
    const found = this.registrations.filter((one) => one.reference === reference);
    await Promise.all(found.map((registration) => registration.close()));
  }

  /** Closes every registration, also those that are being made. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#exporting.values());
    await Promise.all(this.registrations.map((registration) => registration.close()));
  }

  #choose(source: ExportSource): readonly ExportChoice[] {
    const { reference } = source;
    try {
      const properties = mergeProperties(source);
      exportedInterfaces(reference.interfaces, properties);
      return chooseExports(this.#providers, properties);
    } catch (exception) {
      this.#events.emitFailure("export", { reference, exception });
      throw exception;
    }
  }

  async #addOne(source: ExportSource, choice: ExportChoice): Promise<ExportRegistration> {
    const { reference } = source;
    const key = createExportKey(source, choice.config);
    const known = this.#exporting.get(key);
    const exporting = known ?? this.#export(key, source, choice);
    if (known === undefined) this.#exporting.set(key, exporting);
    let shared: Shared<Exporter>;
    try {
      shared = await exporting;
    } catch (exception) {
      if (this.#exporting.get(key) === exporting) this.#exporting.delete(key);
      this.#events.emitFailure("export", { reference, exception });
      throw exception;
    }
    // The last holder may have closed it meanwhile.
    if (shared.isEnded) return await this.#addOne(source, choice);
    const registration = this.#hold(shared);
    if (known === undefined) this.#events.warnOfLeftOut(shared.value);
    return registration;
  }

  async #export(
    key: string,
    source: ExportSource,
    choice: ExportChoice,
  ): Promise<Shared<Exporter>> {
    const exporter = await Exporter.create(this.#context, source, choice);
    return new Shared(exporter, async () => {
      this.#exporting.delete(key); // a later export creates an endpoint of its own
      await exporter.close();
    });
  }

  /** Returns a registration that holds an endpoint, and emits its event. */
  #hold(shared: Shared<Exporter>): ExportRegistration {
    const exporter = shared.value;
    const { reference } = exporter;
    const release = shared.hold();
    let exception: unknown;
    let isClosed = false;
    const registration: ExportRegistration = {
      reference,
      containerId: exporter.containerId,
      get endpoint() {
        return exporter.endpoint;
      },
      get exception() {
        return exception;
      },
      get isClosed() {
        return isClosed;
      },
      update: (overriding) => {
        if (isClosed) throw createClosedError("export", exporter.endpoint.id);
        exception = this.#update(exporter, overriding);
      },
      close: async () => {
        const wasClosed = isClosed;
        isClosed = true;
        this.#registrations.delete(registration);
        const released = release();
        if (!wasClosed) this.#emit("export-unregistration", exporter);
        await released;
      },
    };
    this.#registrations.add(registration);
    this.#emit("export-registration", exporter);
    return registration;
  }

  /** Updates an endpoint; returns the reason if that fails. */
  #update(exporter: Exporter, overriding: ServiceProperties | undefined): unknown {
    try {
      exporter.update(overriding);
    } catch (exception) {
      const { endpoint, reference } = exporter;
      this.#events.emit({ type: "export-error", endpoint, reference, exception });
      return exception;
    }
    this.#emit("export-update", exporter);
    this.#events.warnOfLeftOut(exporter);
    return undefined;
  }

  #emit(type: EndpointAdminEvent["type"], { endpoint, reference }: Exporter): void {
    this.#events.emit({ type, endpoint, reference });
  }
}
