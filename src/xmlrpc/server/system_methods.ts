import type { CallContext } from "./call_context.ts";
import { FAULT_CODES, XmlRpcFault, type XmlRpcValue } from "../codec/mod.ts";
import type { Dispatch, MethodDefinition } from "./method_table.ts";

/** Switches for the methods of `system.`; all are on by default. */
export interface SystemMethods {
  /** `system.listMethods`. @default true */
  readonly listMethods?: boolean;
  /** `system.methodHelp`. @default true */
  readonly methodHelp?: boolean;
  /** `system.methodSignature`. @default true */
  readonly methodSignature?: boolean;
  /** `system.getCapabilities`. @default true */
  readonly getCapabilities?: boolean;
  /** `system.multicall`: many calls in one, each run like a single one. @default true */
  readonly multicall?: boolean;
  /** Most calls in one `system.multicall`. @default 100 */
  readonly maxMulticall?: number;
}

/** Specifications that the server implements, with their versions. */
const CAPABILITIES = {
  xmlrpc: { specUrl: "http://www.xmlrpc.com/spec", specVersion: 1 },
  faults_interop: {
    specUrl: "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php",
    specVersion: 20010516,
  },
  introspection: {
    specUrl: "http://xmlrpc-c.sourceforge.net/introspection.html",
    specVersion: 1,
  },
  nil: { specUrl: "http://ontosys.com/xml-rpc/extensions.php", specVersion: 20010731 },
  "system.multicall": { specUrl: "http://www.xmlrpc.com/discuss/msgReader$1208", specVersion: 1 },
};

/** Outcome of one call among many. */
type Outcome = readonly [value: unknown] | { faultCode: number; faultString: string };

/** Functions of the server that run calls and describe errors. */
export interface Runner {
  /** Runs a call of a multicall like a single one. */
  readonly run: Dispatch;
  /** Creates the fault that describes an error. */
  readonly createFault: (error: unknown, methodName: string, faultCode?: number) => XmlRpcFault;
  /** Throws if a result can't be sent. */
  readonly check: (result: unknown) => void;
}

/** Adds the methods of `system.` to a table; the user's own come first. */
export function addSystemMethods(
  methods: ReadonlyMap<string, MethodDefinition>,
  options: SystemMethods,
  runner: Runner,
): ReadonlyMap<string, MethodDefinition> {
  const all = new Map(methods);
  const definitions = {
    ...defineIntrospection(all),
    multicall: defineMulticall(options.maxMulticall ?? 100, runner),
  };
  for (const name of SYSTEM_NAMES) {
    const fullName = `system.${name}`;
    if (options[name] === false || methods.has(fullName)) continue;
    all.set(fullName, { ...definitions[name], ignoresSurplus: true });
  }
  return all;
}

const SYSTEM_NAMES = [
  "listMethods",
  "methodHelp",
  "methodSignature",
  "getCapabilities",
  "multicall",
] as const;

/** Returns the methods that describe the methods of a table, as it is when they are called. */
function defineIntrospection(methods: ReadonlyMap<string, MethodDefinition>) {
  return {
    listMethods: {
      invoke: () => [...methods.keys()].sort(),
      help: "Returns the names of all methods.",
      signatures: [["array"]],
    },
    methodHelp: {
      invoke: (name) => findDefinition(methods, name).help ?? "",
      help: "Returns the documentation of a method.",
      signatures: [["string", "string"]],
    },
    methodSignature: {
      invoke: (name) => findDefinition(methods, name).signatures ?? "undef",
      help: "Returns the types of a method's result and parameters, for each way to call it.",
      signatures: [["array", "string"]],
    },
    getCapabilities: {
      invoke: () => CAPABILITIES,
      help: "Returns the specifications that this server implements.",
      signatures: [["struct"]],
    },
  } satisfies Record<string, MethodDefinition>;
}

function defineMulticall(maxMulticall: number, runner: Runner): MethodDefinition {
  return {
    invoke(calls) {
      return multicall(calls, maxMulticall, this, runner);
    },
    help:
      "Runs calls of {methodName, params} in turn; each returns an array of its result, or a fault.",
    signatures: [["array", "array"]],
  };
}

function findDefinition(
  methods: ReadonlyMap<string, MethodDefinition>,
  name: XmlRpcValue,
): MethodDefinition {
  const method = typeof name === "string" ? methods.get(name) : undefined;
  if (method !== undefined) return method;
  throw new XmlRpcFault(
    FAULT_CODES.methodNotFound,
    `Unknown method ${String(name).slice(0, 255)}`,
  );
}

async function multicall(
  calls: XmlRpcValue,
  maxCalls: number,
  context: CallContext,
  runner: Runner,
): Promise<Outcome[]> {
  const list = Array.isArray(calls) ? calls : [];
  if (list.length > maxCalls) {
    throw new XmlRpcFault(
      FAULT_CODES.invalidParams,
      `Cannot run ${list.length} calls at once: ${maxCalls} at most`,
    );
  }
  const outcomes: Outcome[] = [];
  for (const call of list) {
    if (context.signal.aborted) break; // the result is not needed any more
    const { methodName, params = [] }: Partial<Record<string, XmlRpcValue>> = Object(call);
    outcomes.push(await runOne(methodName, params, context, runner));
  }
  return outcomes;
}

/** How one call of many ends; one that can't be run or sent fails alone. */
async function runOne(
  methodName: XmlRpcValue,
  params: XmlRpcValue,
  context: CallContext,
  { run, createFault, check }: Runner,
): Promise<Outcome> {
  const refuse = (faultString: string) => ({ faultCode: FAULT_CODES.invalidParams, faultString });
  if (typeof methodName !== "string" || methodName.length > 255 || !Array.isArray(params)) {
    return refuse("A call is {methodName: string, params: array}");
  }
  if (methodName === "system.multicall") return refuse("Cannot run system.multicall within itself");
  let faultCode: number | undefined;
  try {
    const value = await run(methodName, params, context);
    faultCode = FAULT_CODES.internalError;
    check(value);
    return [value];
  } catch (error) {
    const fault = createFault(error, methodName, faultCode);
    return { faultCode: fault.faultCode, faultString: fault.faultString };
  }
}
