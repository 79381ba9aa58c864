import type { ServiceProperties } from "../../framework/mod.ts";
import { OSGI, parseNames } from "../../endpoint/mod.ts";
import type { ExportDistributionProvider } from "../../distribution/mod.ts";
import { RemoteServiceError } from "../errors.ts";
import { checkExportProperties, parseIntents } from "./export_properties.ts";

/** Provider that exports a service, and the configuration type to do it with. */
export interface ExportChoice {
  readonly provider: ExportDistributionProvider;
  readonly config: string;
}

/**
 * Returns the providers that export a service: one for each recognized configuration type
 * (OSGi Compendium, 122.5.1), or the first provider's first type if none is asked for.
 *
 * @throws {RemoteServiceError} `no-provider` if no provider has the types and intents,
 * `not-exportable` if a property that an export obeys has a wrong value
 */
export function chooseExports(
  providers: readonly ExportDistributionProvider[],
  properties: ServiceProperties,
): readonly ExportChoice[] {
  checkExportProperties(properties);
  const intents = parseIntents(properties);
  const usable = providers.filter(({ supportedIntents }) =>
    intents.every((intent) => supportedIntents.includes(intent))
  );
  const wanted = new Set(parseNames(properties[OSGI.exportedConfigs]));
  const choices = wanted.size === 0
    ? usable.slice(0, 1).flatMap((provider) =>
      createChoices(provider, provider.supportedConfigs[0])
    )
    : [...wanted].flatMap((config) =>
      createChoices(usable.find((provider) => provider.supportedConfigs.includes(config)), config)
    );
  if (choices.length > 0) return choices;
  throw createNoProviderError(providers, properties);
}

function createChoices(
  provider: ExportDistributionProvider | undefined,
  config: string | undefined,
): ExportChoice[] {
  return provider === undefined || config === undefined ? [] : [{ provider, config }];
}

function createNoProviderError(
  providers: readonly ExportDistributionProvider[],
  properties: ServiceProperties,
): RemoteServiceError {
  const configs = parseNames(properties[OSGI.exportedConfigs]).join(", ");
  const intents = parseIntents(properties);
  const offered = new Set(providers.flatMap(({ supportedIntents }) => supportedIntents));
  const missing = intents.filter((intent) => !offered.has(intent));
  const intentText = intents.length > 0 ? ` and the intents ${intents.join(", ")}` : "";
  const hint = missing.length > 0 ? `; no provider offers ${missing.join(", ")}` : "";
  return new RemoteServiceError(
    "no-provider",
    `Cannot export service ${properties["service.id"]}: no provider has ` +
      `${configs || "any configuration type"}${intentText}${hint}`,
  );
}
