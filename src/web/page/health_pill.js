import { byId, createElement, createFacts, setText } from "./elements.js";
import { formatCount, formatDate } from "./formats.js";

/** @import { Health } from "./messages.js" */

/** Names of the states. @type {Record<string, string>} */
export const LABELS = {
  synced: "Synced",
  connecting: "Connecting",
  stale: "Out of reach",
  suspect: "Lease lost",
  denied: "Denied",
  closed: "Closed",
  lost: "No connection",
};
/** @type {Record<string, string>} */
const COUNTERS = {
  reconnects: "Reconnects",
  leaseLosses: "Lost leases",
  resyncs: "Listings again",
  readvertisedKeys: "Keys put again",
};

/** The state of the directories, with its reason. */
export class HealthPill {
  #pill = byId("health");
  #label = byId("health-label");
  #member = byId("health-member");
  #details = byId("health-details");
  /** @type {Health | undefined} */
  #health;
  #isLost = false;

  constructor() {
    document.addEventListener("click", (event) => {
      const isInside = event.target instanceof Node && this.#pill.contains(event.target);
      if (!isInside) this.#pill.removeAttribute("open");
    });
    this.#pill.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#pill.removeAttribute("open");
    });
  }

  /** @param {Health} health */
  set(health) {
    this.#health = health;
    this.#draw();
  }

  /** Shows whether the server of the page answers. @param {boolean} isLost */
  setLost(isLost) {
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    this.#draw();
  }

  #draw() {
    const { state = "connecting", reason = "", directories = [] } = this.#health ?? {};
    const shown = this.#isLost ? "lost" : state;
    this.#pill.dataset.state = shown;
    const providers = directories.map(({ provider }) => provider).join(", ");
    const member = directories.length === 1 ? directories[0]?.member ?? providers : providers;
    setText(this.#label, LABELS[shown] ?? shown);
    setText(this.#member, member);
    const text = this.#isLost ? "The server of this page does not answer." : reason;
    this.#details.replaceChildren(
      createElement("p", {}, text),
      ...directories.map((directory) => createFacts(listFacts(directory))),
    );
  }
}

/**
 * @param {Health["directories"][number]} directory
 * @returns {[string, string][]}
 */
function listFacts({ provider, state, member, lastSyncMs, lastError, counters }) {
  /** @type {[string, string][]} */
  const facts = [["Directory", provider], ["State", state]];
  if (member !== undefined) facts.push(["Member", member]);
  if (lastSyncMs !== undefined) facts.push(["Last in sync", formatDate(lastSyncMs)]);
  if (lastError !== undefined) facts.push(["Last error", lastError]);
  for (const [name, title] of Object.entries(COUNTERS)) {
    if (counters[name]) facts.push([title, formatCount(counters[name])]);
  }
  return facts;
}
