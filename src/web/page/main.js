import { CallsTable } from "./calls_table.js";
import { Details } from "./details.js";
import { byId, createElement, setAttribute, setText } from "./elements.js";
import { EndpointList } from "./endpoint_list.js";
import { EndpointStore } from "./endpoint_store.js";
import { EventStream } from "./event_stream.js";
import { FilterField } from "./filter_field.js";
import { formatCount, formatRate, formatTime } from "./formats.js";
import { HealthPill } from "./health_pill.js";
import { Timeline } from "./timeline.js";

/** @import { PageMessage } from "./messages.js" */

const store = new EndpointStore();
const grid = byId("grid");
const list = new EndpointList(
  { grid, head: byId("grid-head"), body: byId("grid-body") },
  store,
  (entry, isByKey) => {
    list.choose(entry.id);
    void details.show(entry, isByKey);
  },
);
const details = new Details(() => {
  list.choose(undefined);
  list.focus();
});
const timeline = new Timeline(byId("timeline"));
const health = new HealthPill();
const calls = new CallsTable();
const stream = new EventStream(receive, setConnected);
const filter = new FilterField((text) => {
  isOtherFilter = store.isReady;
  stream.open(text);
});

let isOtherFilter = false;
let total = 0;
let state = "connecting";
let reason = "";
let isLost = false;
/** Difference between the clock of the server and this one. */
let offsetMs = 0;
let lastMs = Date.now();

/** @param {PageMessage} message @param {boolean} isOtherServer */
function receive(message, isOtherServer) {
  offsetMs = message.nowMs - Date.now();
  lastMs = Date.now();
  total = message.total;
  if (isOtherServer) timeline.clear();
  if (isOtherFilter) {
    store.clear();
    grid.scrollTop = 0;
    isOtherFilter = false;
  }
  const nowMs = message.nowMs;
  if (message.rows ?? message.dropped ?? message.listing) {
    list.update(() => store.apply(message, nowMs), nowMs);
    details.refresh(store.get(details.id));
    drawCounts();
  }
  if (message.events) timeline.add(message.events);
  if (message.health) {
    ({ state, reason } = message.health);
    health.set(message.health);
    drawBanner();
  }
  if (message.methods) {
    calls.update(message.methods, nowMs);
    drawCalls();
  }
  drawEmpty();
}

/** @param {boolean} isConnected */
function setConnected(isConnected) {
  isLost = !isConnected;
  health.setLost(isLost);
  grid.classList.toggle("stale", isLost);
  drawBanner();
}

/** Says what is wrong, if anything is. */
function drawBanner() {
  const banner = byId("banner");
  const isWell = !isLost && (state === "synced" || state === "connecting");
  banner.hidden = isWell;
  banner.classList.toggle("bad", isLost || state === "denied" || state === "closed");
  const time = formatTime(lastMs);
  const lost = `The server of this page does not answer; trying again. The list is of ${time}.`;
  setText(banner, isWell ? "" : isLost ? lost : reason);
}

function drawCounts() {
  const interfaces = new Set();
  const hosts = new Set();
  for (const { state, interfaces: names, host } of store.rows) {
    if (state === "gone") continue;
    for (const name of names) interfaces.add(name);
    hosts.add(host);
  }
  setCount("endpoints", store.size);
  setCount("interfaces", interfaces.size);
  setCount("hosts", hosts.size);
  filter.showCount(store.size, total);
}

/** @param {"endpoints" | "interfaces" | "hosts"} name @param {number} count */
function setCount(name, count) {
  setText(byId(`count-${name}`), formatCount(count));
  setText(byId(`label-${name}`), count === 1 ? name.slice(0, -1) : name);
}

function drawCalls() {
  byId("count-calls-box").hidden = calls.isEmpty;
  setText(byId("count-calls"), formatRate(calls.rate));
}

function drawEmpty() {
  const empty = byId("empty");
  setAttribute(grid, "aria-busy", store.isReady ? undefined : "true");
  empty.hidden = !store.isReady || store.rows.length > 0;
  if (empty.hidden) return;
  const [title, text] = filter.text !== ""
    ? ["No endpoint matches", "Change the filter, or press Escape in its field to remove it."]
    : state === "synced"
    ? ["No endpoints yet", "As soon as a process exports a service, it appears here."]
    : ["No endpoints are known", "The directory cannot be read: see the state above."];
  if (empty.firstElementChild?.textContent === title) return;
  empty.replaceChildren(createElement("strong", {}, title), text);
}

setInterval(() => {
  const nowMs = Date.now() + offsetMs;
  let hasExpired = false;
  list.update(() => void (hasExpired = store.expire(nowMs)), nowMs);
  if (!hasExpired) return;
  drawCounts();
  drawEmpty();
}, 500);

async function showSettings() {
  const response = await fetch("settings");
  const { title } = await response.json();
  setText(byId("title"), title);
  document.title = title;
}

void showSettings().catch(() => {}); // the title stays, and the stream shows the failure
void filter.start();
