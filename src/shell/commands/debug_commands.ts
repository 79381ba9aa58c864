import { formatValue } from "../table.ts";
import type { RemoteServiceAdminEvent } from "../../rsa/mod.ts";
import { Subscription, toMessage } from "../../util/mod.ts";
import { type Command, CommandError, requireAdmin } from "../command.ts";

/** States that can be given; ECF has Booleans. */
const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ["on", true],
  ["true", true],
  ["off", false],
  ["false", false],
]);

const rsadebug: Command = {
  name: "rsadebug",
  scopes: ["ecf", "rsa"],
  usage: "[on | off]",
  summary: "Switches the output of export and import events on or off.",
  complete: () => ["on", "off"],
  run({ args: [wanted] }, io, context) {
    const isOn = wanted === undefined ? context.rsaDebug === undefined : SWITCHES.get(wanted);
    if (isOn === undefined) throw new CommandError(`Cannot switch ${wanted}: give on or off`);
    context.rsaDebug?.close();
    context.rsaDebug = undefined;
    if (isOn) {
      const log = (line: string) => io.log === undefined ? io.write(`${line}\n`) : io.log(line);
      const { clock } = context.host.framework;
      const listener = requireAdmin(context).addListener((event) =>
        log(`${new Date(clock.epochMs()).toISOString()} ${formatEvent(event)}`)
      );
      context.rsaDebug = new Subscription(() => listener.close());
    }
    io.write(`RSA debugging ${isOn ? "ON" : "OFF"}\n`);
  },
};

function formatEvent(event: RemoteServiceAdminEvent): string {
  const { type, endpoint } = event;
  const subject = endpoint !== undefined
    ? `endpoint ${endpoint.id} (${endpoint.interfaces.join(", ")}) at ${
      formatValue(endpoint.containerId)
    }`
    : "reference" in event && event.reference !== undefined
    ? `service ${event.reference.id} (${event.reference.interfaces.join(", ")})`
    : "nothing";
  const reason = "exception" in event ? `: ${toMessage(event.exception)}` : "";
  return `${type} of ${subject}${reason}`;
}

/** Commands that show what the remote service admin does, as in ECF's console. */
export const DEBUG_COMMANDS: readonly Command[] = [rsadebug];
