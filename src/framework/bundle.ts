import {
  type Bundle,
  BundleContext,
  type BundleDefinition,
  type BundleEvent,
  type BundleFramework,
  type BundleState,
} from "./bundle_context.ts";

/** A bundle of a {@link Framework}. */
export class InstalledBundle implements Bundle {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly #definition: BundleDefinition;
  readonly #context: BundleContext;
  readonly #emit: (event: BundleEvent) => void;
  #state: BundleState = "installed";
  /** The last start or stop; never rejects. */
  #work: Promise<void> = Promise.resolve();

  constructor(
    id: number,
    definition: BundleDefinition,
    framework: BundleFramework,
    emit: (event: BundleEvent) => void,
  ) {
    this.id = id;
    this.name = definition.name;
    this.version = definition.version ?? "0.0.0";
    this.#definition = definition;
    this.#context = new BundleContext(framework, this);
    this.#emit = emit;
  }

  get state(): BundleState {
    return this.#state;
  }

  start(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#state === "active") return;
      if (this.#state === "uninstalled") {
        throw new Error(`Cannot start bundle ${this.name}: it was uninstalled; install it again`);
      }
      this.#state = "starting";
      try {
        await this.#definition.start?.(this.#context);
      } catch (error) {
        await this.#release();
        this.#emit({ type: "error", bundle: this, error });
        throw error;
      }
      this.#state = "active";
      this.#emit({ type: "started", bundle: this });
    });
  }

  stop(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#state !== "active") return;
      this.#state = "stopping";
      try {
        await this.#definition.stop?.(this.#context);
      } catch (error) {
        this.#emit({ type: "error", bundle: this, error });
        throw error;
      } finally {
        await this.#release();
        this.#emit({ type: "stopped", bundle: this });
      }
    });
  }

  async uninstall(): Promise<void> {
    try {
      await this.stop();
    } finally {
      if (this.#state !== "uninstalled") {
        this.#state = "uninstalled";
        this.#emit({ type: "uninstalled", bundle: this });
      }
    }
  }

  async #release(): Promise<void> {
    await this.#context.release();
    this.#state = "installed";
  }

  /** Runs one start or stop after the other. */
  #inOrder(step: () => Promise<void>): Promise<void> {
    const work = this.#work.then(step);
    this.#work = work.catch(() => {}); // the caller of the step gets the error
    return work;
  }
}
