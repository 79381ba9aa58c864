import assert from "node:assert/strict";

/** A sample of Prometheus' text format. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y;

/**
 * Reads a document in version 0.0.4 of Prometheus' text format, and checks all that the format
 * demands: names, escapes, one HELP and one TYPE before the samples of a metric, no sample twice,
 * histograms with ascending cumulative buckets that end with `+Inf`.
 */
export function parsePrometheus(text: string): readonly PrometheusSample[] {
  assert.ok(text === "" || text.endsWith("\n"));
  const types = new Map<string, string>();
  const samples: PrometheusSample[] = [];
  let metric = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      assert.ok(!types.has(name), `two times ${name}`);
      assert.match(rest, /^(?:[^\\]|\\[\\n])*$/);
      [metric] = [name];
    } else if (keyword === "TYPE") {
      assert.equal(name, metric, "TYPE follows HELP");
      assert.match(rest, /^(?:counter|gauge|histogram)$/);
      types.set(name, rest);
    } else samples.push(parseSample(line, metric, types.get(metric)));
  }
  const keys = samples.map(({ name, labels }) => name + JSON.stringify(Object.entries(labels)));
  assert.equal(new Set(keys).size, keys.length, "a sample is there twice");
  for (const [name, type] of types) if (type === "histogram") checkHistogram(name, samples);
  return samples;
}

function parseSample(line: string, metric: string, type: string | undefined): PrometheusSample {
  const [, name = "", inner = "", number = ""] = /^([^{ ]+)\{(.*)\} (\S+)$/s.exec(line) ?? [];
  assert.match(name, NAME, line);
  const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  assert.ok(suffixes.some((suffix) => name === metric + suffix), `${name} within ${metric}`);
  if (type === "counter") assert.match(name, /_total$/);
  assert.match(number, /^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/, line);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inner.length) {
    const [, label = "", value = ""] = LABEL.exec(inner) ?? assert.fail(`labels of ${line}`);
    assert.ok(!(label in labels));
    labels[label] = value.replace(/\\([\\n"])/g, (_, one) => one === "n" ? "\n" : one);
  }
  return { name, labels, value: Number(number.replace("Inf", "Infinity")) };
}

function checkHistogram(name: string, samples: readonly PrometheusSample[]): void {
  const buckets = new Map<string, { le: number; value: number }[]>();
  for (const { name: own, labels: { le = "", ...labels }, value } of samples) {
    if (own !== `${name}_bucket`) continue;
    const key = JSON.stringify(labels);
    const list = buckets.get(key) ?? [];
    buckets.set(key, list);
    list.push({ le: Number(le.replace("Inf", "Infinity")), value });
  }
  for (const [key, list] of buckets) {
    const last = list.at(-1);
    list.slice(1).forEach(({ le, value }, index) => {
      assert.ok(le > (list[index]?.le ?? NaN), `bounds of ${key}`);
      assert.ok(value >= (list[index]?.value ?? NaN), `buckets of ${key}`);
    });
    assert.equal(last?.le, Infinity);
    const find = (suffix: string) =>
      samples.find((one) => one.name === name + suffix && JSON.stringify(one.labels) === key);
    assert.equal(find("_count")?.value, last?.value);
    assert.ok((find("_sum")?.value ?? NaN) >= 0);
  }
}
