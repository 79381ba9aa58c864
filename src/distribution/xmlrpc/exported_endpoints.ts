import type { XmlRpcExportedEndpoint } from "./exported_endpoint.ts";

/** Most names whose meaning is kept. */
const MAX_NAMES = 1000;

/** Meaning of the name that a call has, `<service id>.<method>`. */
export interface NamedMethod {
  /** Part before the first point, the service id; empty if there is no point. */
  readonly id: string;
  /** Name of the method; `undefined` if the call has a name of another form. */
  readonly method: string | undefined;
  /** Endpoint of the service; `undefined` if there is none. */
  readonly endpoint: XmlRpcExportedEndpoint | undefined;
}

/** Exported endpoints by their service ids. */
export class ExportedEndpoints {
  readonly #endpoints = new Map<string, XmlRpcExportedEndpoint>();
  /** Names that were called: taking a name apart costs more than finding it. */
  readonly #known = new Map<string, NamedMethod>();

  /** Adds an endpoint. */
  add(id: string, endpoint: XmlRpcExportedEndpoint): void {
    this.#endpoints.set(id, endpoint);
    this.#known.clear();
  }

  /** Deletes the endpoint of a service. */
  delete(id: string): void {
    this.#endpoints.delete(id);
    this.#known.clear();
  }

  /** Finds out what the name of a call means. */
  find(fullName: string): NamedMethod {
    const known = this.#known.get(fullName);
    if (known !== undefined) return known;
    const found = this.#parse(fullName);
    if (found.method === undefined || found.endpoint === undefined) return found;
    if (this.#known.size >= MAX_NAMES) this.#known.clear(); // clients choose the names
    this.#known.set(fullName, found);
    return found;
  }

  #parse(fullName: string): NamedMethod {
    const dot = fullName.indexOf(".");
    const id = fullName.slice(0, Math.max(0, dot));
    const method = fullName.slice(dot + 1);
    const isMethod = dot >= 0 && method !== "" && !method.includes(".");
    return { id, method: isMethod ? method : undefined, endpoint: this.#endpoints.get(id) };
  }
}
