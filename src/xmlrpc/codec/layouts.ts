import type { XmlReader } from "../../xml/mod.ts";
import { type Layout, LayoutRecorder } from "./layout.ts";
import type { Dialect, ScalarOptions, XmlRpcValue } from "./values/mod.ts";

/** Most methods that are known to one side. */
const MAX_METHODS = 100;
/** Most layouts of all sides together; each may keep a document of 4 KB in memory. */
const MAX_LAYOUTS = 1000;
/** Number of documents that have another layout, after which that of the next one is kept. */
const PATIENCE = 32;

/** What is known of the calls of a method, or of its replies. */
interface KnownMethod {
  readonly methodName: string;
  layout: Layout | undefined;
  dialect: Dialect;
  /** Documents until a layout is recorded again. */
  patience: number;
}

/** A document that was read by a layout. */
export interface KnownDocument {
  /** Same as the name that was given, as a string whose hash is known: it is looked up faster. */
  readonly methodName: string;
  readonly values: XmlRpcValue[];
  readonly dialect: Dialect;
}

/** The last methods with a layout, in a ring. */
const withLayout: KnownMethod[] = [];
let oldest = 0;

/**
 * Fast path of the decoder: a client writes all calls of a method in the same way, and a server all
 * replies. The layout of one is kept and compared with the next; whatever differs is left to the
 * plain decoder. Used for documents of one side that are read with the same options.
 *
 * Measured with `scripts/xmlrpc/replay_bench.ts`: the plain decoder alone takes 2.5 times as long
 * for a call of two strings, and 4 times for one of a struct with 20 members.
 */
export class Layouts {
  readonly #methods = new Map<string, KnownMethod>();
  /** Method of the last document: comparing with it costs less than a look-up. */
  #last: KnownMethod | undefined;

  /** Reads a document up to its end; `undefined` if the plain decoder has to. */
  read(methodName: string, xml: XmlReader, options: ScalarOptions): KnownDocument | undefined {
    const last = this.#last;
    const known = last?.methodName === methodName ? last : this.#methods.get(methodName);
    const values = known?.layout?.read(xml, options);
    if (known === undefined || values === undefined) return undefined;
    this.#last = known;
    return { methodName: known.methodName, values, dialect: known.dialect };
  }

  /** Returns a recorder for a document that {@link read} left, at the same place. */
  createRecorder(methodName: string, xml: XmlReader): LayoutRecorder | undefined {
    const known = this.#methods.get(methodName);
    if (known !== undefined && --known.patience > 0) return undefined;
    return xml.isSmall ? new LayoutRecorder(xml) : undefined;
  }

  /** Keeps the layout of a document that was read to its end. */
  add(methodName: string, recorder: LayoutRecorder, dialect: Dialect): void {
    const known = this.#methods.get(methodName) ?? this.#addMethod(methodName);
    const layout = recorder.finish();
    if (known.layout === undefined && layout !== undefined) makeRoom(known);
    known.layout = layout;
    known.dialect = dialect;
    known.patience = PATIENCE;
  }

  #addMethod(methodName: string): KnownMethod {
    if (this.#methods.size >= MAX_METHODS) { // clients choose the names
      this.#methods.clear();
      this.#last = undefined;
    }
    const known = { methodName, layout: undefined, dialect: "plain" as const, patience: PATIENCE };
    this.#methods.set(methodName, known);
    return known;
  }
}

/** Drops the oldest layout if there are too many. */
function makeRoom(known: KnownMethod): void {
  const dropped = withLayout[oldest];
  if (dropped !== undefined) dropped.layout = undefined;
  withLayout[oldest] = known;
  oldest = (oldest + 1) % MAX_LAYOUTS;
}
