import type { EndpointDescription } from "../../endpoint/mod.ts";
import { Filter } from "../../framework/mod.ts";
import type { Servlet } from "../../http/mod.ts";
import { checkOptionNames } from "../../util/mod.ts";
import type { Authenticate } from "../../xmlrpc/mod.ts";
import { createDocumentServlet } from "./document_servlet.ts";
import { createTargetGroups } from "./scrape_targets.ts";

/** Settings of {@link scrapeTargets}. */
export interface ScrapeTargetsOptions {
  /** LDAP filter, or function, of the endpoints whose processes are scraped. @default all */
  readonly filter?: string | ((endpoint: EndpointDescription) => boolean);
  /** Admits the senders of requests. @default all */
  readonly authenticate?: Authenticate;
}

/**
 * Creates a servlet that lists the addresses of discovered endpoints for Prometheus
 * (`http_sd_configs`), each once, with interfaces and properties as labels `__meta_rsa_...`.
 *
 * @param source host, or a discovery
 * @throws {TypeError} on an unknown option
 * @throws {FilterSyntaxError} if the filter is invalid
 * @example
 * ```ts
 * import { memory, remoteServices, scrapeTargets } from "@remote-services/etcd3";
 *
 * const discovery = [memory()];
 * await using server = await remoteServices({ discovery, http: { port: 0 }, metrics: true });
 * await server.register("com.example.Greeter", { greet: () => "Hello" }, { metrics: true });
 * await using host = await remoteServices({ discovery, http: { port: 0 } });
 * host.http?.register("/targets", scrapeTargets(host, { filter: "(metrics=true)" }));
 * const groups = await (await fetch(`${host.http?.url}/targets`)).json();
 * console.log(groups[0].labels.__meta_rsa_interfaces); // ,com.example.Greeter,
 * ```
 */
export function scrapeTargets(
  source: { readonly endpoints: readonly EndpointDescription[] },
  options: ScrapeTargetsOptions = {},
): Servlet {
  checkOptionNames(options, { path: "", known: ["filter", "authenticate"] });
  const { filter = () => true, authenticate } = options;
  const matches = typeof filter === "string" ? createMatcher(filter) : filter;
  return createDocumentServlet({
    contentType: "application/json",
    authenticate,
    create: () => JSON.stringify(createTargetGroups(source.endpoints.filter(matches))),
  });
}

function createMatcher(text: string): (endpoint: EndpointDescription) => boolean {
  const filter = new Filter(text);
  return (endpoint) => endpoint.matches(filter);
}
