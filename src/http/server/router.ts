import { Subscription } from "../../util/mod.ts";
import { readOrigin } from "./page_guard.ts";
import { checkResponder, type Responder } from "./responder.ts";
import { checkServletPath } from "./servlet_path.ts";

/** URL of requests, and what answers them. */
export interface Route {
  readonly url: string;
  /** Scheme and authority. */
  readonly origin: string;
  readonly responder: Responder;
}

/** Responders by path. */
export class Router {
  readonly #responders = new Map<string, Responder>();
  #fallback: Responder;
  /** Route of the last request, which mostly is that of the next. */
  #last: Route | undefined;

  /**
   * Creates a router.
   *
   * @param fallback answers the requests of all other paths
   */
  constructor(fallback: Responder) {
    this.#fallback = fallback;
  }

  /**
   * Puts a responder at a path until the result is closed.
   *
   * @throws {TypeError} if the path is invalid or has one, or the responder is a servlet
   */
  add(path: string, responder: Responder): Subscription {
    checkServletPath(path);
    checkResponder(path, responder);
    if (this.#responders.has(path)) throw new TypeError(`Cannot serve ${path}: it has a servlet`);
    this.#responders.set(path, responder);
    this.#last = undefined;
    return new Subscription(() => {
      if (this.#responders.get(path) === responder) this.#responders.delete(path);
      this.#last = undefined;
    });
  }

  /** Lets a responder answer all requests from now on. */
  close(fallback: Responder): void {
    this.#responders.clear();
    this.#fallback = fallback;
    this.#last = undefined;
  }

  /** Finds the responder of an absolute URL with or without a query. */
  find(url: string): Route {
    if (this.#last?.url === url) return this.#last;
    const origin = readOrigin(url);
    const path = url.slice(origin.length);
    const responder = this.#responders.get(path) ??
      this.#responders.get(path.replace(/[?#].*$/s, "")) ?? this.#fallback;
    return this.#last = { url, origin, responder };
  }
}
