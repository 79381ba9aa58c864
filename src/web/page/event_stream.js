/** @import { PageMessage } from "./messages.js" */

/** Silence after which the connection counts as lost: the server sends something each second. */
const SILENCE_MS = 6000;
/** First and longest wait before another attempt. */
const RETRY_MS = { first: 500, longest: 5000 };

/** The events of the server, on a connection that is opened again whenever it is lost. */
export class EventStream {
  #onMessage;
  #onStateChange;
  #filter = "";
  /** Id of the last message, from which the server continues. */
  #lastId = "";
  #failures = 0;
  #isConnected = false;
  /** @type {EventSource | undefined} */
  #source;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {(message: PageMessage, isOtherServer: boolean) => void} onMessage
   * @param {(isConnected: boolean) => void} onStateChange
   */
  constructor(onMessage, onStateChange) {
    this.#onMessage = onMessage;
    this.#onStateChange = onStateChange;
  }

  /**
   * Opens the stream with a filter; closes the one before.
   *
   * @param {string} filter
   */
  open(filter) {
    this.#filter = filter;
    this.#lastId = "";
    this.#connect();
  }

  #connect() {
    this.#source?.close();
    const query = new URLSearchParams({ filter: this.#filter, last: this.#lastId });
    const source = new EventSource(`events?${query}`);
    this.#source = source;
    source.onmessage = (event) => this.#receive(event);
    source.onerror = () => this.#retry();
    this.#expectLife();
  }

  /** @param {MessageEvent<string>} event */
  #receive({ data, lastEventId }) {
    const isOtherServer = this.#lastId !== "" && lastEventId !== "" &&
      lastEventId.split(".")[0] !== this.#lastId.split(".")[0];
    if (lastEventId !== "") this.#lastId = lastEventId;
    this.#failures = 0;
    if (!this.#isConnected) {
      this.#isConnected = true;
      this.#onStateChange(true);
    }
    this.#expectLife();
    this.#onMessage(JSON.parse(data), isOtherServer);
  }

  #expectLife() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retry(), SILENCE_MS);
  }

  #retry() {
    this.#source?.close();
    clearTimeout(this.#timer);
    if (this.#isConnected || this.#failures === 0) this.#onStateChange(false);
    this.#isConnected = false;
    const waitMs = Math.min(RETRY_MS.first * 2 ** this.#failures++, RETRY_MS.longest);
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }
}
