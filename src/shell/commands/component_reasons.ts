import type { ComponentState, RequirementStatus, ServiceRegistry } from "../../framework/mod.ts";

/** Formats a state as iPOPO does, with the state of this library if iPOPO has none for it. */
export function formatState(state: ComponentState): string {
  switch (state.kind) {
    case "created":
    case "unsatisfied":
      return "INVALID";
    case "validating":
      return "VALIDATING";
    case "valid":
      return "VALID";
    case "rebinding":
      return "VALID (rebinding)";
    case "invalidating":
      return "INVALID (invalidating)";
    case "failed":
      return "ERRONEOUS";
    case "closed":
      return "KILLED";
  }
}

/** Returns why a mandatory requirement has no service; `undefined` if it has one. */
export function explainMissing(
  registry: ServiceRegistry,
  { requirement, references }: RequirementStatus,
): string | undefined {
  if (requirement.optional || references.length > 0) return undefined;
  const others = registry.getReferences(requirement.interface);
  if (others.length === 0) return `no service ${requirement.interface} is registered`;
  const ids = others.map(({ id }) => id).join(", ");
  return `the filter accepts none of the services ${ids}; see sd`;
}
