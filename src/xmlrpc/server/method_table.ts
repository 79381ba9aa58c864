import type { CallContext } from "./call_context.ts";
import { FAULT_CODES, TypedNumber, XmlRpcFault, type XmlRpcValue } from "../codec/mod.ts";

/**
 * Runs the method of a call and returns its result. A thrown {@link XmlRpcFault} is the
 * answer, any other error becomes a fault with as much detail as the handler's `errorDetail`
 * allows. A thrown `Response` is the HTTP answer.
 */
export type Dispatch = (
  methodName: string,
  params: readonly XmlRpcValue[],
  context: CallContext,
) => unknown;

/** Function that is called over XML-RPC. */
export type Method = (this: CallContext, ...params: XmlRpcValue[]) => unknown;

/** Name of a type, as in the result of `system.methodSignature`. */
export type XmlRpcType =
  | "int"
  | "i8"
  | "double"
  | "boolean"
  | "string"
  | "dateTime.iso8601"
  | "base64"
  | "array"
  | "struct"
  | "nil";

/** Method with its documentation and its types. */
export interface MethodDefinition {
  /** Function to call. */
  readonly invoke: Method;
  /** Result of `system.methodHelp`. */
  readonly help?: string;
  /**
   * Types of the result and then of each parameter, once for each way to call the method. A
   * call that matches none is refused with fault -32602.
   */
  readonly signatures?: readonly (readonly [result: XmlRpcType, ...params: XmlRpcType[]])[];
  /** Whether parameters beyond those of a signature are ignored. @default false */
  readonly ignoresSurplus?: boolean;
}

/** Methods by name. */
export type Methods = Readonly<Record<string, Method | MethodDefinition>>;

/** Returns the methods of an object as definitions. Only its own members count. */
export function collectMethods(methods: Methods): ReadonlyMap<string, MethodDefinition> {
  const entries = Object.entries(methods).map(([name, method]) =>
    [name, typeof method === "function" ? { invoke: method } : method] as const
  );
  return new Map(entries);
}

/** Creates the function that finds a method by its name and runs it. */
export function createDispatch(methods: ReadonlyMap<string, MethodDefinition>): Dispatch {
  return (methodName, params, context) => {
    const method = methods.get(methodName);
    if (method === undefined) {
      throw new XmlRpcFault(FAULT_CODES.methodNotFound, `Unknown method ${methodName}`);
    }
    checkParams(methodName, params, method);
    return method.invoke.apply(context, [...params]);
  };
}

function checkParams(
  methodName: string,
  params: readonly XmlRpcValue[],
  { signatures, ignoresSurplus = false }: MethodDefinition,
): void {
  const fitsOne =
    signatures?.some((signature) =>
      matches(ignoresSurplus ? params.slice(0, signature.length - 1) : params, signature)
    ) ?? true;
  if (signatures === undefined || fitsOne) return;
  const wanted = signatures.map(([, ...types]) => `(${types.join(", ")})`).join(" or ");
  throw new XmlRpcFault(
    FAULT_CODES.invalidParams,
    `Cannot call ${methodName}(${
      params.map(findType).join(", ").slice(0, 200)
    }): it takes ${wanted}`,
  );
}

function matches(params: readonly XmlRpcValue[], [, ...types]: readonly string[]): boolean {
  return params.length === types.length &&
    types.every((type, index) => {
      const found = findType(params[index]);
      // A whole number may be sent as a double or an i8, a time as a string.
      return found === type ||
        (found === "int" && (type === "double" || type === "i8")) ||
        (found === "double" && type === "i8" && Number.isSafeInteger(params[index])) ||
        (found === "string" && type === "dateTime.iso8601");
    });
}

function findType(value: XmlRpcValue): XmlRpcType {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "bigint":
      return "i8";
    case "number":
      return (value | 0) === value ? "int" : "double";
  }
  if (value === null || value === undefined) return "nil";
  if (value instanceof TypedNumber) return value.type === "i2" ? "int" : "double";
  if (value instanceof Date) return "dateTime.iso8601";
  if (value instanceof Uint8Array) return "base64";
  return Array.isArray(value) ? "array" : "struct";
}
