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
 *
 * @module
 */
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
export type { MemoryHub, MemoryOptions } from "./src/discovery/memory/mod.ts";
export { createMemoryHub, memory } from "./src/discovery/memory/mod.ts";
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
  XMLRPC_CLIENT_CONFIG,
  XMLRPC_INTENTS,
  XMLRPC_NAMESPACE,
  XMLRPC_SERVER_CONFIG,
  XmlRpcDistribution,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "./src/distribution/xmlrpc/mod.ts";
export type {
  EtcdErrorCode,
  EtcdOptions,
  PasswordOptions,
  Pem,
  Renewable,
  TlsOptions,
} from "./src/etcd/mod.ts";
export { EtcdError } from "./src/etcd/mod.ts";
export type {
  Bundle,
  BundleActivator,
  BundleDefinition,
  BundleEvent,
  BundleFramework,
  BundleListener,
  BundleState,
  Clock,
  Component,
  ComponentBody,
  ComponentDefinition,
  ComponentFactory,
  ComponentRequest,
  ComponentState,
  CreatedService,
  FrameworkOptions,
  Injected,
  LogFields,
  Logger,
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
  Timer,
  TimerOptions,
  TrackerOptions,
  WaitOptions,
} from "./src/framework/mod.ts";
export {
  BundleContext,
  compileFilter,
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
  Subscription,
} from "./src/framework/mod.ts";
export type {
  Authorize,
  CallCheck,
  CallGuards,
  CallHandler,
  CallInstrument,
  CallMeasurement,
  DistributionCloseOptions,
  DistributionContext,
  DistributionFactory,
  DistributionProvider,
  ExecutionState,
  IntegerForm,
  Interceptor,
  Invoke,
  MeasuredCall,
  ReceivedCall,
  RemoteCall,
  RemoteCallErrorCode,
  RemoteCallErrorDetails,
  RemoteCallOptions,
  RemoteFaultDetails,
} from "./src/distribution/mod.ts";
export { currentCall, RemoteCallError, RemoteFault, withOptions } from "./src/distribution/mod.ts";
export type { InProcessOptions } from "./src/distribution/in_process/mod.ts";
export { inProcess, InProcessHub } from "./src/distribution/in_process/mod.ts";
export type {
  HeaderEntry,
  HostOptions,
  HttpClientErrorCode,
  HttpClientErrorDetails,
  HttpClientOptions,
  HttpClientTls,
  HttpCloseOptions,
  HttpListenErrorCode,
  HttpReply,
  HttpRequest,
  HttpServerKind,
  HttpServerLimits,
  HttpServerTls,
  HttpServiceContext,
  HttpServiceOptions,
  HttpServiceState,
  HttpTarget,
  HttpTransport,
  PageGuardOptions,
  RefusalCounts,
  Respond,
  Responder,
  Servlet,
} from "./src/http/mod.ts";
export { HttpClient, HttpClientError, HttpListenError, HttpService } from "./src/http/mod.ts";
export type {
  CallErrorType,
  CallOutcome,
  CallStatisticsLimits,
  CountedMethod,
  MethodStatistics,
  ScrapeTargetsOptions,
} from "./src/telemetry/mod.ts";
export { CallStatistics, LatencyHistogram, scrapeTargets } from "./src/telemetry/mod.ts";
export type { ChoiceOptions, ServicePolicy } from "./src/calls/mod.ts";
export type { Local, MethodName, Remote, RemoteAll } from "./src/host/mod.ts";
export type { RegisterProperties, RemoteRegistration } from "./src/host/mod.ts";
export type {
  CloseOptions,
  CloseReport,
  HostHealth,
  MetricsOptions,
  RemoteServicesOptions,
  ServiceOptions,
  ServicesOptions,
} from "./src/host/mod.ts";
export { RemoteServices, remoteServices } from "./src/host/mod.ts";
export type {
  Capability,
  DescribedService,
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
  createDiscoveryCapability,
  createEndpoint,
  decodeEdef,
  ECF,
  encodeEdef,
  EndpointDescription,
  OSGI,
  RemoteServiceAdmin,
  RemoteServiceError,
  TopologyManager,
} from "./src/rsa/mod.ts";
export type { NumberType, XmlRpcTransportCode, XmlRpcValue } from "./src/xmlrpc/mod.ts";
export type { Authenticate, Principal } from "./src/xmlrpc/mod.ts";
export {
  base64,
  basicAuth,
  bearerAuth,
  dateTime,
  double,
  float,
  i2,
  i8,
  int,
  TypedNumber,
  XmlRpcConnectionError,
  XmlRpcFault,
  XmlRpcHttpError,
  XmlRpcInvalidReplyError,
  XmlRpcReplyTooLargeError,
  XmlRpcTimeoutError,
  XmlRpcTransportError,
} from "./src/xmlrpc/mod.ts";
