// Bundles of the shell: its core, commands for components and RSA, and the console.

import {
  type BundleDefinition,
  createComponent,
  type DiscoveryProvider,
  type RemoteServiceAdmin,
  requirement,
  ServiceTracker,
  type Subscription,
} from "../../../mod.ts";
import { COMPONENT_COMMANDS, CORE_COMMANDS, RSA_COMMANDS, Shell } from "../../../src/shell/mod.ts";
import { terminal } from "../console.ts";
import {
  DISCOVERY_PROVIDER,
  REMOTE_SERVICE_ADMIN,
  SHELL,
  SHELL_COMMANDS,
  type ShellCommands,
} from "../names.ts";

/** The shell with the commands for services and bundles; adds those of other bundles. */
export const shellCore: BundleDefinition = {
  name: "shell.core",
  version: "0.1.0",
  start(context) {
    const { framework, bundle: user } = context;
    const { registry } = framework;
    const admins = ServiceTracker.open<RemoteServiceAdmin>(registry, REMOTE_SERVICE_ADMIN);
    const discoveries = ServiceTracker.open<DiscoveryProvider>(registry, DISCOVERY_PROVIDER);
    const host = {
      framework,
      get admin() {
        return admins.service;
      },
      get discoveries() {
        return discoveries.services;
      },
    };
    const shell = new Shell(host, { builtIn: CORE_COMMANDS });
    const added = new Map<object, Subscription>();
    const commands = ServiceTracker.open<ShellCommands>(registry, SHELL_COMMANDS, {
      user,
      onAdded: (service) => added.set(service, shell.addCommands(service.commands)),
      onRemoved: (service) => added.get(service)?.close(),
    });
    for (const part of [admins, discoveries, shell, commands]) context.onStop(() => part.close());
    context.registerService(SHELL, shell);
  },
};

/** Commands for components. */
export const shellIpopo: BundleDefinition = {
  name: "shell.ipopo",
  version: "0.1.0",
  start: (context) =>
    void context.registerService(SHELL_COMMANDS, { commands: COMPONENT_COMMANDS }),
};

/** Commands for exports, imports and discovery. */
export const rsaShell: BundleDefinition = {
  name: "rsa.shell",
  version: "0.1.0",
  start: (context) => void context.registerService(SHELL_COMMANDS, { commands: RSA_COMMANDS }),
};

/**
 * Creates the bundle that reads the terminal.
 *
 * @param onEnd called when the shell ends: by `quit` or Ctrl-C
 */
export function createShellConsole(onEnd: () => void): BundleDefinition {
  return {
    name: "shell.console",
    version: "0.1.0",
    start(context) {
      createComponent(context, {
        name: "shell-console",
        requires: { shell: requirement<Shell>(SHELL) },
        validate({ shell }) {
          const stop = new AbortController();
          terminal.run(shell, { signal: stop.signal }).then(onEnd);
          return stop;
        },
        invalidate: (stop) => stop.abort(),
      });
    },
  };
}
