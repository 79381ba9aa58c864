/**
 * Remote services for TypeScript, discovered through etcd v3 and called over XML-RPC,
 * wire-compatible with iPOPO and Eclipse ECF.
 *
 * A process exports an object under the name of an interface; other processes discover it within
 * milliseconds, import a proxy and call it:
 *
 * ```ts
 * import { remoteServices } from "@remote-services/etcd3";
 *
 * interface Greeter {
 *   greet(name: string): string;
 * }
 * const etcd = { endpoints: "localhost:2379" };
 * await using host = await remoteServices({ etcd, http: { port: 0 } });
 * await host.register<Greeter>("com.example.Greeter", { greet: (name) => `Hello ${name}` });
 *
 * await using peer = await remoteServices({ etcd });
 * const greeter = await peer.service<Greeter>("com.example.Greeter");
 * console.log(await greeter.greet("you")); // Hello you
 * ```
 *
 * | for | start with |
 * | --- | --- |
 * | exporting, discovering, calling | {@link remoteServices}, {@link RemoteServices} |
 * | errors of calls | {@link RemoteCallError}, {@link RemoteFault} |
 * | one call with other options | {@link withOptions}, {@link currentCall} |
 * | code around calls | {@link Interceptor} |
 * | tests without etcd | {@link memory}, {@link inProcess} |
 * | another directory or protocol | {@link DiscoveryProvider}, {@link DistributionProvider} |
 * | OSGi: bundles, registry, Remote Service Admin | {@link Framework}, {@link RemoteServiceAdmin} |
 * | XML-RPC itself: client, server, typed values | `@remote-services/etcd3/xmlrpc` |
 * | more of OSGi, for authors of providers | `@remote-services/etcd3/rsa`, `/framework` |
 * | etcd itself | `@remote-services/etcd3/etcd` |
 *
 * @module
 */

// Hosts
export type {
  CloseOptions,
  CloseReport,
  HostHealth,
  Local,
  MethodName,
  MetricsOptions,
  RegisterProperties,
  Remote,
  RemoteAll,
  RemoteRegistration,
  RemoteServicesOptions,
  ServiceOptions,
  ServicesOptions,
} from "./src/host/mod.ts";
export { RemoteServices, remoteServices } from "./src/host/mod.ts";
export type { ChoiceOptions, ServicePolicy } from "./src/calls/mod.ts";
export type { Clock, LogFields, Logger, Timer, TimerOptions } from "./src/framework/mod.ts";
export { Subscription } from "./src/framework/mod.ts";

// Calls: options, errors, rights, interceptors
export type {
  Authorize,
  CallHandler,
  ExecutionState,
  IntegerForm,
  Interceptor,
  ReceivedCall,
  RemoteCall,
  RemoteCallErrorCode,
  RemoteCallErrorDetails,
  RemoteCallOptions,
  RemoteFaultDetails,
} from "./src/distribution/mod.ts";
export { currentCall, RemoteCallError, RemoteFault, withOptions } from "./src/distribution/mod.ts";
export type { Authenticate, Principal } from "./src/xmlrpc/mod.ts";
export { basicAuth, bearerAuth } from "./src/xmlrpc/mod.ts";

// Discovery: the contract, etcd, and memory for tests
export type {
  CombinedHealth,
  DiscoveryContext,
  DiscoveryErrorCode,
  DiscoveryFactory,
  DiscoveryProvider,
  EndpointSource,
  Health,
  HealthCounters,
  HealthSource,
  HealthState,
} from "./src/discovery/mod.ts";
export { DiscoveryError } from "./src/discovery/mod.ts";
export type {
  Etcd3DiscoveryOptions,
  Etcd3DiscoveryParts,
  Etcd3Health,
  Etcd3HealthCounters,
  IgnoredItems,
} from "./src/discovery/etcd3/mod.ts";
export {
  decodeEndpoint,
  DEFAULT_TOP_KEY,
  encodeEndpoint,
  etcd3,
  Etcd3Discovery,
} from "./src/discovery/etcd3/mod.ts";
export type {
  EtcdErrorCode,
  EtcdOptions,
  PasswordOptions,
  Pem,
  Renewable,
  TlsOptions,
} from "./src/etcd/mod.ts";
export { EtcdError } from "./src/etcd/mod.ts";
export type { MemoryHub, MemoryOptions } from "./src/discovery/memory/mod.ts";
export { createMemoryHub, memory } from "./src/discovery/memory/mod.ts";

// Distribution: the contract, XML-RPC, and the process itself for tests
export type {
  CallCheck,
  CallGuards,
  CallInstrument,
  CallMeasurement,
  DistributionCloseOptions,
  DistributionContext,
  DistributionFactory,
  DistributionProvider,
  Invoke,
  MeasuredCall,
} from "./src/distribution/mod.ts";
export type {
  AddressOptions,
  AdvertisedAddress,
  CreateHeaders,
  XmlRpcClientSettings,
  XmlRpcCodecOptions,
  XmlRpcExportOptions,
  XmlRpcHttpOptions,
  XmlRpcImportOptions,
  XmlRpcOptions,
  XmlRpcServerOptions,
} from "./src/distribution/xmlrpc/mod.ts";
export {
  xmlRpc,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "./src/distribution/xmlrpc/mod.ts";
export type { InProcessOptions } from "./src/distribution/in_process/mod.ts";
export { inProcess, InProcessHub } from "./src/distribution/in_process/mod.ts";

// HTTP server
export type {
  HttpClientTls,
  HttpCloseOptions,
  HttpListenErrorCode,
  HttpServerKind,
  HttpServerLimits,
  HttpServerTls,
  HttpServiceContext,
  HttpServiceOptions,
  HttpServiceState,
  PageGuardOptions,
  RefusalCounts,
  Respond,
  Responder,
  Servlet,
} from "./src/http/mod.ts";
export { HttpListenError, HttpService } from "./src/http/mod.ts";

// Telemetry
export type {
  CallErrorType,
  CallOutcome,
  CallStatisticsLimits,
  CountedMethod,
  MethodStatistics,
  ScrapeTargetsOptions,
} from "./src/telemetry/mod.ts";
export { CallStatistics, LatencyHistogram, scrapeTargets } from "./src/telemetry/mod.ts";

// OSGi: bundles, services and components
export type {
  Bundle,
  BundleActivator,
  BundleDefinition,
  BundleEvent,
  BundleFramework,
  BundleListener,
  BundleState,
  Component,
  ComponentBody,
  ComponentDefinition,
  ComponentFactory,
  ComponentRequest,
  ComponentState,
  CreatedService,
  FrameworkOptions,
  Injected,
  Requirement,
  RequirementOptions,
  Requirements,
  RequirementStatus,
  ServiceEvent,
  ServiceFactoryOptions,
  ServiceFilter,
  ServiceListener,
  ServiceObjects,
  ServiceOwner,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
  TrackerOptions,
  WaitOptions,
} from "./src/framework/mod.ts";
export {
  BundleContext,
  ComponentRegistry,
  createComponent,
  escapeFilterValue,
  Filter,
  FilterSyntaxError,
  Framework,
  registerComponentFactory,
  requirement,
  ServiceFactory,
  ServiceRegistry,
  ServiceTracker,
} from "./src/framework/mod.ts";

// OSGi: Remote Service Admin
export type {
  EndpointAdvertiser,
  EndpointDescriptionInit,
  EndpointDiscovery,
  EndpointEvent,
  EndpointEventListener,
  ExportDistributionProvider,
  ExportedEndpoint,
  ExportRegistration,
  ExportRequest,
  ImportDistributionProvider,
  ImportedEndpoint,
  ImportRegistration,
  PropertyValue,
  RemoteServiceAdminEvent,
  RemoteServiceAdminListener,
  RemoteServiceAdminOptions,
  RemoteServiceErrorCode,
  TopologyManagerOptions,
} from "./src/rsa/mod.ts";
export {
  decodeEdef,
  encodeEdef,
  EndpointDescription,
  RemoteServiceAdmin,
  RemoteServiceError,
  TopologyManager,
} from "./src/rsa/mod.ts";
