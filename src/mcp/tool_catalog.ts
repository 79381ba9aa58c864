import type { EndpointEvent } from "../discovery/mod.ts";
import { type EndpointDescription, parseNames, RS } from "../endpoint/mod.ts";
import type { Filter } from "../framework/mod.ts";
import { createRepeatLogger, type Logger, SILENT } from "../util/mod.ts";
import { createToolName } from "./tool_name.ts";

/** A method of discovered services, which can be called as a tool. */
export interface ServiceTool {
  /** Name of the tool. */
  readonly name: string;
  /** Interface of the services. */
  readonly interfaceName: string;
  /** Method of the interface. */
  readonly method: string;
}

/** Selection of the methods that become tools. */
export interface ToolSelection {
  /** Endpoints to use. @default all */
  readonly filter?: Filter | undefined;
  /** Configuration types that this process can call. @default all */
  readonly configurationTypes?: readonly string[] | undefined;
  /** Methods by interface, in place of those that endpoints advertise. @default none */
  readonly methods?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Receives a warning of an interface whose methods are unknown. @default silent */
  readonly logger?: Logger | undefined;
}

/** Longest name of an interface or a method: names come from other processes. */
const MAX_NAME_LENGTH = 200;
/** Most interfaces and most advertised methods of an endpoint; a description may have 1.5 MB. */
const MAX_NAMES = 200;
/** Form of the names that are shown to a model: no sentences. */
const NAME = /^[\p{L}\p{N}_$.-]+$/u;

/** An endpoint that offers a tool. */
interface Offer {
  readonly tool: ServiceTool;
  readonly endpointIds: Set<string>;
}

/** Tools of the endpoints that are known now, in the order of their names. */
export class ToolCatalog {
  readonly #selection: ToolSelection;
  readonly #logger: Logger;
  readonly #offers = new Map<string, Offer>();
  readonly #namesByEndpoint = new Map<string, readonly string[]>();
  #sorted: readonly ServiceTool[] | undefined;

  /** Creates an empty catalog. */
  constructor(selection: ToolSelection) {
    this.#selection = selection;
    this.#logger = createRepeatLogger(selection.logger ?? SILENT);
  }

  /** All tools, sorted by name. */
  get tools(): readonly ServiceTool[] {
    return this.#sorted ??= [...this.#offers.values()].map(({ tool }) => tool)
      .sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** Returns the tool of a name. */
  find(name: string): ServiceTool | undefined {
    return this.#offers.get(name)?.tool;
  }

  /** Whether an endpoint offers a tool now. */
  isOffered(name: string, endpointId: unknown): boolean {
    return typeof endpointId === "string" &&
      this.#offers.get(name)?.endpointIds.has(endpointId) === true;
  }

  /** Applies a change of an endpoint. Returns whether tools came or went. */
  apply({ type, endpoint }: Pick<EndpointEvent, "type" | "endpoint">): boolean {
    const tools = type === "removed" ? [] : this.#findTools(endpoint);
    const before = this.#namesByEndpoint.get(endpoint.id) ?? [];
    const names = tools.map(({ name }) => name);
    if (names.length === 0) this.#namesByEndpoint.delete(endpoint.id);
    else this.#namesByEndpoint.set(endpoint.id, names);
    const hasAdded = tools.filter((tool) => this.#add(tool, endpoint.id)).length > 0;
    const gone = before.filter((name) => !names.includes(name));
    const hasRemoved = gone.filter((name) => this.#remove(name, endpoint.id)).length > 0;
    if (hasAdded || hasRemoved) this.#sorted = undefined;
    return hasAdded || hasRemoved;
  }

  #findTools(endpoint: EndpointDescription): readonly ServiceTool[] {
    const { filter, configurationTypes, methods = {} } = this.#selection;
    if (filter !== undefined && !endpoint.matches(filter)) return [];
    const canCall = (type: string) => configurationTypes?.includes(type) ?? true;
    if (!endpoint.configurationTypes.some(canCall)) return [];
    const advertised = parseNames(endpoint.extras.get(RS.methods)).slice(0, MAX_NAMES);
    return endpoint.interfaces.slice(0, MAX_NAMES).filter(isName).flatMap((interfaceName) => {
      const isNamed = Object.hasOwn(methods, interfaceName);
      const names = isNamed ? methods[interfaceName] : advertised;
      if (!isNamed && advertised.length === 0) this.#warn(interfaceName);
      return [...new Set(names)].filter(isName).map((method) => {
        return { name: createToolName(interfaceName, method), interfaceName, method };
      });
    });
  }

  #warn(interfaceName: string): void {
    this.#logger.warn(
      `No tools of ${interfaceName}: its exporter advertises no methods; name them in methods`,
    );
  }

  #add(tool: ServiceTool, endpointId: string): boolean {
    const offer = this.#offers.get(tool.name);
    if (offer === undefined) {
      this.#offers.set(tool.name, { tool, endpointIds: new Set([endpointId]) });
      return true;
    }
    offer.endpointIds.add(endpointId);
    return false;
  }

  #remove(name: string, endpointId: string): boolean {
    const offer = this.#offers.get(name);
    offer?.endpointIds.delete(endpointId);
    return offer?.endpointIds.size === 0 && this.#offers.delete(name);
  }
}

function isName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && NAME.test(name);
}
