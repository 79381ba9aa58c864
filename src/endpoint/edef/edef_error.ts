import type { EndpointDescription } from "../endpoint_description.ts";

/** Additional facts of an {@link EdefError}. */
export interface EdefErrorDetails extends ErrorOptions {
  /** Line of the document, from 1. */
  readonly line?: number | undefined;
  /** Descriptions of the document that can be read. @default [] */
  readonly endpoints?: readonly EndpointDescription[];
  /** Errors of the descriptions that cannot be read. @default this error alone */
  readonly errors?: readonly EdefError[];
}

/** An endpoint description file, or one of its descriptions, that cannot be read. */
export class EdefError extends SyntaxError {
  /** Always `EdefError`. */
  override readonly name = "EdefError";
  /** Line of the document, from 1; `undefined` if the error has no place. */
  readonly line: number | undefined;
  /** Descriptions of the document that can be read. */
  readonly endpoints: readonly EndpointDescription[];
  /** Errors of the descriptions that cannot be read, in document order. */
  readonly errors: readonly EdefError[];

  /** Creates an error. */
  constructor(message: string, options: EdefErrorDetails = {}) {
    const { line, endpoints = [], errors, ...rest } = options;
    super(message, rest);
    this.line = line;
    this.endpoints = endpoints;
    this.errors = errors ?? [this];
  }
}
