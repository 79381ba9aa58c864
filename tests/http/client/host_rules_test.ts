import assert from "node:assert/strict";
import { HostRules, isPrivateAddress, parseHttpTarget } from "../../../src/http/mod.ts";

function allows(rule: string, url: string): boolean {
  return new HostRules([rule]).allows(parseHttpTarget(url));
}

Deno.test("HostRules compares names, ports, domains, addresses and ranges", () => {
  const cases: [rule: string, allowed: string[], refused: string[]][] = [
    ["node-1.example", ["http://node-1.example:1/", "https://NODE-1.Example./"], [
      "http://node-1.example.evil/",
      "http://evil-node-1.example/",
      "http://x.node-1.example/",
      "http://node-1.example@evil.example/",
    ]],
    ["Node-1:8181", ["http://node-1:8181/"], ["http://node-1:8182/", "http://node-1/"]],
    ["node-1:80", ["http://node-1/", "http://node-1:80/"], ["https://node-1/"]],
    ["node-1:443", ["https://node-1/"], ["http://node-1/"]],
    ["*.example.com", ["http://a.example.com/", "http://a.b.example.com:99/"], [
      "http://example.com/",
      "http://badexample.com/",
      "http://a.example.com.evil/",
    ]],
    ["*.example.com:8181", ["http://a.example.com:8181/"], ["http://a.example.com/"]],
    ["10.0.0.1", ["http://10.0.0.1/", "http://0xa000001/", "http://[::ffff:10.0.0.1]/"], [
      "http://10.0.0.11/",
      "http://10.0.0.1.evil.example/",
    ]],
    ["10.0.0.1:81", ["http://10.0.0.1:81/"], ["http://10.0.0.1/"]],
    ["10.0.0.0/8", ["http://10.255.1.2:9/", "http://[::ffff:a01:203]/"], [
      "http://11.0.0.1/",
      "http://[a00::1]/",
      "http://10.example/",
    ]],
    ["192.168.0.0/17", ["http://192.168.127.255/"], ["http://192.168.128.0/"]],
    ["0.0.0.0/0", ["http://8.8.8.8/"], ["http://[2001:db8::1]/", "http://name/"]],
    ["fd00::/8", ["http://[fd12::1]:1/"], ["http://[fe80::1]/", "http://10.0.0.1/"]],
    ["::1", ["http://[0:0::1]/"], ["http://[::2]/"]],
    ["[::1]:8181", ["http://[::1]:8181/"], ["http://[::1]/"]],
    ["bücher.example", ["http://xn--bcher-kva.example/"], ["http://bucher.example/"]],
  ];
  for (const [rule, allowed, refused] of cases) {
    for (const url of allowed) assert.equal(allows(rule, url), true, `${rule} allows ${url}`);
    for (const url of refused) assert.equal(allows(rule, url), false, `${rule} refuses ${url}`);
  }
  assert.equal(new HostRules([]).allows({ hostname: "a", port: 80 }), false);
});

Deno.test("HostRules refuses ambiguous rules", () => {
  const wrong = ["", "*", "*.", "http://a/", "a/b", "a b", "u@a", "a:0", "a:65536", "a:b", "a?b"];
  wrong.push(
    "10.0.0.0/33",
    "10.0.0.0/",
    "fd00::/129",
    "*.10.0.0.1",
    "a.*.b",
    "[::1",
    "1.2.3.4/8/8",
  );
  for (const rule of wrong) {
    assert.throws(() => new HostRules([rule]), /^TypeError: Cannot use .* in allowHosts/, rule);
  }
  assert.throws(() => new HostRules("a" as never), TypeError);
  assert.throws(() => new HostRules([1 as never]), TypeError);
});

Deno.test("isPrivateAddress knows loopback, private, link-local and unique local addresses", () => {
  const inside = ["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "::1"];
  inside.push("192.168.1.1", "169.254.0.1", "fc00::1", "fdff::1", "[fe80::1]", "::ffff:10.1.1.1");
  const outside = ["8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.64.0.1", "::2", "a"];
  outside.push(
    "fe00::1",
    "fec0::1",
    "2001:db8::1",
    "::ffff:8.8.8.8",
    "10.example",
    "128.0.0.1",
    "",
  );
  for (const host of inside) assert.equal(isPrivateAddress(host), true, host);
  for (const host of outside) assert.equal(isPrivateAddress(host), false, host);
});
