import { type Logger, SILENT } from "./logger.ts";
import { ServiceRegistry } from "./registry.ts";

/** Settings of a {@link Framework}. */
export interface FrameworkOptions {
  /** The framework's id, a UUID. @default a random one */
  readonly uuid?: string;
  /** Hears of listeners that fail. @default silent */
  readonly logger?: Logger;
}

/** One OSGi-like framework: an identity and a service registry. */
export class Framework {
  /** `endpoint.framework.uuid` of what it exports. */
  readonly uuid: string;
  /** Its services. */
  readonly registry: ServiceRegistry;

  /** Makes a framework without services. */
  constructor(options: FrameworkOptions = {}) {
    this.uuid = options.uuid ?? crypto.randomUUID();
    this.registry = new ServiceRegistry(options.logger ?? SILENT);
  }

  /** Unregisters every service. May be repeated. */
  close(): void {
    this.registry.close();
  }
}
