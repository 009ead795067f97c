// The code that the page hands out: what it names is there, and it says what the form said.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as package_ from "azure-imds/verifier";

import { snippets } from "../../bindings-wasm/page/snippets.js";
import { vector } from "./suite.mjs";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const NOTHING = {
  nonce: "",
  vmId: "",
  subscriptionId: "",
  sku: "",
  plan: undefined,
  maxAge: "",
  clouds: ["public"],
  time: "now",
  given: "",
};
/** Everything that can be asked for, with what each language must escape. */
const ALL = {
  nonce: "it's",
  vmId: '"v" \\u0007',
  subscriptionId: "s\u0007\b",
  sku: "$HOME `k`",
  plan: { name: "n", product: "o p", publisher: "-q" },
  maxAge: "0",
  clouds: ["public", "china"],
  time: "given",
  given: "2026-09-21T12:01:00Z",
};

test("nothing is asked for that was not", () => {
  const { Rust, Python, JavaScript, Shell } = snippets(NOTHING);
  assert.match(
    Rust,
    /\n\n\/\/ clock: .*\nlet now = Timestamp::parse_rfc3339\(clock\)\?;\nlet expected = Expectations::new\(NONCE_NOT_CHECKED\);\nlet document/,
  );
  assert.match(Python, /^import azure_imds\n\n.*\n {4}answer,\n {4}nonce=azure_imds\.NONCE_NOT_CHECKED,\n\)/);
  assert.match(JavaScript, /verify\(answer, \{\n {2}nonce: NONCE_NOT_CHECKED,\n\}\);/);
  assert.match(Shell, /\nazure-imds verify document\.json \\\n {2}--no-nonce$/);
});

test("Rust: the names are there, and its escapes are its own", () => {
  const surface = read("core/surface.txt");
  const lists = [...snippets(ALL).Rust.matchAll(/^use azure_imds::(attested::)?\{?(.*?)\}?;$/gm)];
  const names = lists.flatMap(([, door = "", list]) => list.split(", ").map((name) => `azure_imds::${door}${name}`));
  assert.ok(names.includes("azure_imds::attested::Plan") && names.includes("azure_imds::Verifier"), String(names));
  for (const name of names) assert.match(surface, new RegExp(`\\b${name}\\b`), name);
  const methods = read("core/src/attested/claims/expectations.rs");
  const calls = [...snippets(ALL).Rust.matchAll(/^ {4}\.(\w+)\(/gm)].map((it) => it[1]);
  assert.deepEqual(calls, ["clouds", "max_age", "vm_id", "subscription_id", "sku", "plan"]);
  for (const call of calls) assert.match(methods, new RegExp(`pub (const )?fn ${call}\\(`), call);
  assert.match(snippets(ALL).Rust, /\.vm_id\("\\"v\\" \\\\u0007"\)/);
  assert.match(snippets(ALL).Rust, /\.subscription_id\("s\\u\{0007\}\\u\{8\}"\)/);
  assert.match(snippets({ ...ALL, time: "signing" }).Rust, /verify\(&document, &expected, At::SigningTime\)/);
});

test("Python: the names are there", () => {
  const parameters = ["_verifier.py", "_options.py"]
    .map((name) => read(`bindings-py/python/azure_imds/${name}`))
    .join("");
  const named = [...snippets(ALL).Python.matchAll(/^ {4}(\w+)=/gm)].map((it) => it[1]);
  assert.deepEqual(named, ["nonce", "now", "clouds", "max_age", "vm_id", "subscription_id", "sku", "plan"]);
  for (const name of named) assert.match(parameters, new RegExp(`^ {4,8}${name}: `, "m"), name);
  assert.match(snippets(ALL).Python, /plan=azure_imds\.Plan\(name="n", product="o p", publisher="-q"\)/);
});

test("the shell: the options are there, and the values come as they were", () => {
  const known = read("bindings-py/python/azure_imds/cli/_commands.py");
  const command = snippets(ALL).Shell.split("\n").slice(1).join("\n");
  const script = command.replace("azure-imds", "printf '%s\\n'");
  const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n").slice(0, -1);
  assert.deepEqual(words.slice(0, 4), ["verify", "document.json", "--nonce", "it's"]);
  assert.deepEqual(words.slice(words.indexOf("--max-age")), [
    ...["--max-age", "0", "--vm-id", '"v" \\u0007', "--subscription-id", "s\u0007\b", "--sku", "$HOME `k`"],
    ...["--plan", "n", "o p", "-q"],
  ]);
  for (const word of words.filter((it) => it.startsWith("--"))) assert.ok(known.includes(`"${word}"`), word);
});

test("JavaScript: it runs, and asks for what was asked for", async () => {
  const { document, trust, options } = vector("attested::valid::as_azure_signs");
  const verify = async (asked) => {
    const [, names] = /^import \{ (.*) \} from "azure-imds";\n/.exec(snippets(asked).JavaScript);
    const code = snippets(asked)
      .JavaScript.replace(/^import.*\n/, "")
      .replace(/console.log.*/, "return document;");
    const AsyncFunction = (async () => {}).constructor;
    const given = {
      ...package_,
      Verifier: package_.Verifier.bind(null, { ...trust, fetch: false }),
    };
    return new AsyncFunction("answer", `{ ${names} }`, code)(document, given);
  };
  const given = { ...NOTHING, time: "given", given: options.now.toISOString() };
  assert.equal((await verify({ ...given, nonce: options.nonce, maxAge: "60" })).nonceChecked, true);
  assert.equal((await verify({ ...given, time: "signing" })).timeBasis, "signing_time");
  for (const [asked, code] of [
    [{ maxAge: "0" }, "document_too_old"],
    [{ vmId: ALL.vmId }, "vm_id_mismatch"],
    [{ subscriptionId: "x" }, "subscription_id_mismatch"],
    [{ sku: "x" }, "sku_mismatch"],
    [{ plan: ALL.plan }, "plan_mismatch"],
    [{ clouds: ["china", "germany"] }, "cloud_mismatch"],
  ]) {
    await assert.rejects(verify({ ...given, ...asked }), { code });
  }
});
