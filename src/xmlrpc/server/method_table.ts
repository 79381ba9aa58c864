import type { CallContext } from "./call_context.ts";
import { FAULT_CODES, TypedNumber, XmlRpcFault, type XmlRpcValue } from "../codec/mod.ts";

/**
 * Runs the method of a call and gives its result. A thrown {@link XmlRpcFault} is
 * answered as it is, any other error as a fault that says as much as the handler's
 * `errorDetail` allows. A thrown `Response` is the HTTP answer.
 */
export type Dispatch = (
  methodName: string,
  params: readonly XmlRpcValue[],
  context: CallContext,
) => unknown;

/** A function that is called over XML-RPC. */
export type Method = (this: CallContext, ...params: XmlRpcValue[]) => unknown;

/** Names of types, as `system.methodSignature` gives them. */
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

/** A method that says what it is for and what it takes. */
export interface MethodDefinition {
  /** What is called. */
  readonly invoke: Method;
  /** What `system.methodHelp` says. */
  readonly help?: string;
  /**
   * The types of the result and then of each parameter, once for each way to call it.
   * A call that fits none is refused with fault -32602.
   */
  readonly signatures?: readonly (readonly [result: XmlRpcType, ...params: XmlRpcType[]])[];
  /** Whether parameters beyond those of a signature are ignored. @default false */
  readonly ignoresSurplus?: boolean;
}

/** Methods by name. */
export type Methods = Readonly<Record<string, Method | MethodDefinition>>;

/** The methods of an object, as definitions. Only its own members count. */
export function definitionsOf(methods: Methods): ReadonlyMap<string, MethodDefinition> {
  const entries = Object.entries(methods).map(([name, method]) =>
    [name, typeof method === "function" ? { invoke: method } : method] as const
  );
  return new Map(entries);
}

/** A dispatcher by name. */
export function dispatchTo(methods: ReadonlyMap<string, MethodDefinition>): Dispatch {
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
      fits(ignoresSurplus ? params.slice(0, signature.length - 1) : params, signature)
    ) ?? true;
  if (signatures === undefined || fitsOne) return;
  const wanted = signatures.map(([, ...types]) => `(${types.join(", ")})`).join(" or ");
  throw new XmlRpcFault(
    FAULT_CODES.invalidParams,
    `Cannot call ${methodName}(${params.map(typeOf).join(", ").slice(0, 200)}): it takes ${wanted}`,
  );
}

function fits(params: readonly XmlRpcValue[], [, ...types]: readonly string[]): boolean {
  return params.length === types.length &&
    types.every((type, index) => {
      const found = typeOf(params[index]);
      // A whole number may have come as a double or an i8, a time be given as text.
      return found === type ||
        (found === "int" && (type === "double" || type === "i8")) ||
        (found === "double" && type === "i8" && Number.isSafeInteger(params[index])) ||
        (found === "string" && type === "dateTime.iso8601");
    });
}

function typeOf(value: XmlRpcValue): XmlRpcType {
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
