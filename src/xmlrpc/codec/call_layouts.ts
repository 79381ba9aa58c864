import type { XmlReader } from "../../xml/mod.ts";
import { type Layout, LayoutRecorder } from "./layout.ts";
import type { Dialect, ScalarOptions, XmlRpcValue } from "./values/mod.ts";

/** Most methods whose layouts are kept. */
const MAX_METHODS = 100;
/** Number of calls that have another layout, after which the layout of the next one is kept. */
const PATIENCE = 32;

/** What is known of the calls of a method. */
interface KnownMethod {
  readonly methodName: string;
  layout: Layout | undefined;
  dialect: Dialect;
  /** Calls until a layout is recorded again. */
  patience: number;
}

/** A call that was read by its layout. */
export interface ReadCall {
  readonly methodName: string;
  readonly params: XmlRpcValue[];
  readonly dialect: Dialect;
}

/**
 * Fast path of a server's decoder: a client writes all calls of a method in the same way. The
 * layout of one is kept and compared with the next; whatever differs is left to the plain decoder.
 *
 * Measured with `scripts/xmlrpc/replay_bench.ts`: the plain decoder alone takes 2.5 times as long
 * for a call of two strings, and 4 times for one of a struct with 20 members.
 */
export class CallLayouts {
  readonly #methods = new Map<string, KnownMethod>();
  /** Method of the last call: comparing with it costs less than a look-up. */
  #last: KnownMethod | undefined;

  /** Reads what follows the name of the method; `undefined` if the plain decoder has to. */
  read(methodName: string, xml: XmlReader, options: ScalarOptions): ReadCall | undefined {
    const last = this.#last;
    const known = last?.methodName === methodName ? last : this.#methods.get(methodName);
    const params = known?.layout?.read(xml, options);
    if (known === undefined || params === undefined) return undefined;
    this.#last = known;
    // Those who receive the name look it up faster than the one that was sent: its hash is known.
    return { methodName: known.methodName, params, dialect: known.dialect };
  }

  /** Returns a recorder for a call that {@link read} left, before the rest of it is read. */
  createRecorder(methodName: string, xml: XmlReader): LayoutRecorder | undefined {
    const known = this.#methods.get(methodName);
    if (known !== undefined && --known.patience > 0) return undefined;
    return xml.isSmall ? new LayoutRecorder(xml) : undefined;
  }

  /** Keeps the layout of a call that was read to its end. */
  add(methodName: string, recorder: LayoutRecorder, dialect: Dialect): void {
    const layout = recorder.finish();
    const known = this.#methods.get(methodName);
    if (known !== undefined) Object.assign(known, { layout, dialect, patience: PATIENCE });
    else {
      if (this.#methods.size >= MAX_METHODS) this.#forget();
      this.#methods.set(methodName, { methodName, layout, dialect, patience: PATIENCE });
    }
  }

  #forget(): void {
    this.#methods.clear();
    this.#last = undefined;
  }
}
