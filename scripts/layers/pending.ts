/**
 * Violations that are still to be removed: a rule and a path, or the beginning of one. The list
 * only gets shorter.
 */
export const PENDING: readonly string[] = [
  "length src/discovery/etcd3/etcd3_discovery.ts",
  "length src/discovery/etcd3/session.ts",
  "outside src/discovery/etcd3/etcd3_discovery.ts",
  "outside src/discovery/etcd3/health_monitor.ts",
  "outside src/discovery/etcd3/lease_clock.ts",
  "outside src/discovery/etcd3/mirror.ts",
  "outside src/discovery/etcd3/options.ts",
  "outside src/discovery/etcd3/session.ts",
  "outside src/xmlrpc/server/handler.ts",
  "length src/xmlrpc/server/system_methods.ts",
];
