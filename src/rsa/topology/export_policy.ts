import type { ServiceEvent, ServiceReference } from "../../framework/mod.ts";
import { OSGI, parseNames } from "../../endpoint/mod.ts";
import { type Logger, toMessage } from "../../util/mod.ts";
import { findProperty, isExported } from "../exports/mod.ts";
import type { ExportRegistration } from "../registrations.ts";
import type { RemoteServiceAdmin } from "../remote_service_admin.ts";

/** Exports of one service, and the configuration types that it asked for. */
interface ServiceExports {
  readonly registrations: readonly ExportRegistration[];
  readonly configs: string;
}

/** Exports each service that asks for it, and follows its properties. */
export class ExportPolicy {
  readonly #admin: RemoteServiceAdmin;
  readonly #logger: Logger;
  readonly #work = new Map<number, Promise<void>>();
  readonly #exports = new Map<number, ServiceExports>();

  constructor(admin: RemoteServiceAdmin, logger: Logger) {
    this.#admin = admin;
    this.#logger = logger;
  }

  /** Applies a change of a service: changes of one service in order, of several in parallel. */
  follow(event: ServiceEvent): void {
    const { id } = event.reference;
    if (!this.#work.has(id) && !isExported(event.reference.properties)) return;
    this.#enqueue(event.reference, () => this.#apply(event));
  }

  /** Withdraws every exported service and exports it anew, under another endpoint id. */
  renew(): void {
    for (const { registrations: [first] } of [...this.#exports.values()]) {
      if (first === undefined) continue;
      const { reference } = first;
      this.#enqueue(reference, async () => {
        if (!this.#exports.has(reference.id)) return; // unregistered meanwhile
        await this.#withdraw(reference);
        await this.#export(reference);
      });
    }
  }

  #enqueue({ id }: ServiceReference, run: () => Promise<void>): void {
    const before = this.#work.get(id)?.catch(() => {}); // reported by `settled`
    const work = (before ?? Promise.resolve()).then(run);
    this.#work.set(id, work);
    work.catch((error) => {
      const fields = { serviceId: id, error };
      this.#logger.error(`Service ${id} is not exported: ${toMessage(error)}`, fields);
    });
  }

  /** Waits until the changes of a service so far are applied. */
  async settled({ id }: ServiceReference): Promise<void> {
    await this.#work.get(id);
  }

  async #apply({ type, reference }: ServiceEvent): Promise<void> {
    if (type === "unregistering") {
      await this.#withdraw(reference);
      this.#work.delete(reference.id);
    } else if (isExported(reference.properties)) {
      await this.#export(reference);
    } else {
      await this.#withdraw(reference);
    }
  }

  async #export(reference: ServiceReference): Promise<void> {
    const configs = parseNames(findProperty(reference.properties, OSGI.exportedConfigs)).join();
    const known = this.#exports.get(reference.id);
    if (known?.configs === configs) return updateAll(known.registrations);
    await this.#withdraw(reference);
    const registrations = await this.#admin.exportService(reference);
    this.#exports.set(reference.id, { registrations, configs });
  }

  async #withdraw({ id }: ServiceReference): Promise<void> {
    const registrations = this.#exports.get(id)?.registrations ?? [];
    this.#exports.delete(id);
    await Promise.all(registrations.map((registration) => registration.close()));
  }
}

/** Updates registrations; a service that is withdrawn meanwhile has closed its own. */
function updateAll(registrations: readonly ExportRegistration[]): void {
  const open = registrations.filter(({ isClosed }) => !isClosed);
  for (const registration of open) registration.update();
  const failed = open.find(({ exception }) => exception !== undefined);
  if (failed !== undefined) throw failed.exception;
}
