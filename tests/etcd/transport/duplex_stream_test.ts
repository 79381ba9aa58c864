import assert from "node:assert/strict";
import { EtcdError } from "../../../src/etcd/mod.ts";
import { type DuplexCall, GrpcDuplex } from "../../../src/etcd/transport/duplex_stream.ts";

/** A call of grpc-js whose events a test emits. */
class FakeCall implements DuplexCall<string, number, string> {
  readonly log: string[] = [];
  #isPaused = false;
  #onData: (reply: number) => void = () => {};
  #onError: (error: string) => void = () => {};
  #onEnd: () => void = () => {};

  on(event: "data" | "error" | "end", listener: (value: never) => void): void {
    if (event === "data") this.#onData = listener as (reply: number) => void;
    else if (event === "error") this.#onError = listener as (error: string) => void;
    else this.#onEnd = listener as () => void;
  }

  emitData(count: number): void {
    for (let reply = 1; reply <= count; reply++) this.#onData(reply);
  }

  emitFailure(): void {
    this.#onError("broken"); // a failing stream emits both
    this.#onEnd();
  }

  emitEnd(): void {
    this.#onEnd();
  }

  write(request: string): void {
    this.log.push(`write ${request}`);
  }

  cancel(): void {
    this.log.push("cancel");
  }

  pause(): void {
    this.#isPaused = true;
    this.log.push("pause");
  }

  resume(): void {
    this.#isPaused = false;
    this.log.push("resume");
  }

  isPaused(): boolean {
    return this.#isPaused;
  }
}

function createDuplex() {
  const call = new FakeCall();
  const ends: (string | undefined)[] = [];
  const stream = new GrpcDuplex<string, number, string>(
    call,
    (failure) => new EtcdError("unavailable", failure ?? "ended"),
    (error) => ends.push(error?.message),
  );
  return { call, ends, stream };
}

Deno.test("GrpcDuplex cancels its call when it is cancelled or its loop is left, and sends no more", async () => {
  const cancelled = createDuplex();
  cancelled.stream.send("a");
  cancelled.stream.cancel();
  cancelled.stream.send("b");
  assert.deepEqual(cancelled.call.log, ["write a", "cancel"]);
  assert.deepEqual(cancelled.ends, [undefined]);
  assert.equal((await cancelled.stream.next()).done, true);
  const left = createDuplex();
  left.call.emitData(2);
  for await (const _ of left.stream) break;
  assert.deepEqual(left.call.log, ["cancel"]);
  assert.equal((await left.stream.next()).done, true);
});

Deno.test("GrpcDuplex throws the first failure, also that of a call that just ends", async () => {
  const failed = createDuplex();
  failed.call.emitData(1);
  failed.call.emitFailure();
  assert.equal((await failed.stream.next()).value, 1);
  await assert.rejects(failed.stream.next(), { code: "unavailable", message: "broken" });
  assert.deepEqual(failed.ends, ["broken"]);
  const ended = createDuplex();
  ended.call.emitEnd();
  await assert.rejects(ended.stream.next(), { code: "unavailable", message: "ended" });
  const closed = createDuplex();
  closed.stream.cancel(new EtcdError("closed", "the reason"));
  closed.call.emitFailure();
  await assert.rejects(closed.stream.next(), { code: "closed", message: "the reason" });
  assert.deepEqual(closed.ends, ["the reason"]);
});

Deno.test("GrpcDuplex pauses its call while more than 64 replies wait, until 32 are left", async () => {
  const { call, stream } = createDuplex();
  call.emitData(63);
  assert.deepEqual(call.log, []);
  call.emitData(1);
  assert.deepEqual(call.log, ["pause"]);
  for (let left = 64; left > 32; left--) await stream.next();
  assert.deepEqual(call.log, ["pause"]);
  await stream.next();
  assert.deepEqual(call.log, ["pause", "resume"]);
});
