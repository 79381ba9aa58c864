import type { EndpointDescription } from "../endpoint/mod.ts";
import type { AdminEvents } from "./admin_events.ts";
import { createClosedError } from "./export_set.ts";
import { type ImportContext, Importer } from "./importer.ts";
import type { ImportRegistration } from "./registrations.ts";
import { Shared } from "./shared_registration.ts";

/** Imports of an admin: proxies, and the registrations that hold them. */
export class ImportSet {
  readonly #context: ImportContext;
  readonly #events: AdminEvents;
  readonly #importing = new Map<string, Shared<Importer>>();
  readonly #registrations = new Set<ImportRegistration>();

  constructor(context: ImportContext, events: AdminEvents) {
    this.#context = context;
    this.#events = events;
  }

  /** Registrations that are open. */
  get registrations(): readonly ImportRegistration[] {
    return [...this.#registrations];
  }

  /**
   * Imports an endpoint, or updates its import and holds that.
   *
   * @throws {RemoteServiceError} `no-provider`; whatever the provider throws
   */
  add(endpoint: EndpointDescription): ImportRegistration {
    try {
      const known = this.#importing.get(endpoint.id);
      return known === undefined ? this.#import(endpoint) : this.#share(known, endpoint);
    } catch (exception) {
      this.#events.emitFailure("import", { endpoint, exception });
      throw exception;
    }
  }

  /** Closes every registration and ends running calls. */
  close(): void {
    for (const registration of this.registrations) registration.close();
    for (const caller of [...this.#context.callers]) caller.close();
  }

  #share(known: Shared<Importer>, endpoint: EndpointDescription): ImportRegistration {
    known.value.update(endpoint);
    this.#events.emit({ type: "import-update", endpoint });
    return this.#hold(known);
  }

  #import(endpoint: EndpointDescription): ImportRegistration {
    const importer = new Importer(this.#context, endpoint);
    const shared = new Shared(importer, () => {
      this.#importing.delete(endpoint.id);
      importer.close();
      this.#events.emit({ type: "import-unregistration", endpoint: importer.endpoint });
    });
    this.#importing.set(endpoint.id, shared);
    const registration = this.#hold(shared);
    this.#events.emit({ type: "import-registration", endpoint });
    return registration;
  }

  #hold(shared: Shared<Importer>): ImportRegistration {
    const importer = shared.value;
    const release = shared.hold();
    let isClosed = false;
    const registration: ImportRegistration = {
      get reference() {
        return importer.reference;
      },
      get endpoint() {
        return importer.endpoint;
      },
      get isClosed() {
        return isClosed;
      },
      update: (endpoint) => {
        if (isClosed) throw createClosedError("import", importer.endpoint.id);
        importer.update(endpoint);
        this.#events.emit({ type: "import-update", endpoint });
      },
      close: () => {
        isClosed = true;
        this.#registrations.delete(registration);
        release();
      },
    };
    this.#registrations.add(registration);
    return registration;
  }
}
