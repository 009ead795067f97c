// The JSON form of every result and error, against its schema by a published validator.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";
import { explain, Instance, knownIssuers, ServiceError, TransportError, UsageError, VerifyError } from "azure-imds";

import { SHAPES } from "../../bindings-wasm/dist/records.js";
import { vector } from "./suite.mjs";
import { camel, client, play, started, TEXT } from "./transcripts.mjs";

const FOLDER = new URL("../../docs/schema/", import.meta.url);
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
const SCHEMAS = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json") && file !== "report.json")
    .map((file) => [file.replace(".json", ""), ajv.compile(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")))]),
);
const ANSWER = readFileSync(new URL("../vectors/instance_2025-04-07.json", import.meta.url), "utf8");
const attempts = [
  { afterMs: 0, apiVersion: "2021-02-01", status: 500, code: "unavailable", message: "text" },
  { afterMs: 7 },
];
const missing = [{ name: "CN=root", sha256: "00".repeat(32) }];

const RESULTS = [
  ["error", new UsageError("text", { code: "argument_type" })],
  ["error", new TransportError("text", { code: "read_timeout", retryable: true, attempts })],
  ["error", new ServiceError("text", { code: "unavailable", attempts })],
  ["error", new VerifyError("text", { code: "root_not_trusted", summary: "what", nextStep: "do", missing })],
  ["field", explain("physicalZone")[0]],
  ["field", explain("isVmInStandbyPool")[0]],
  ["instance", new Instance(ANSWER, "2025-04-07")],
  ["instance", new Instance('{"compute":{"platformFaultDomain":"x"}}')],
  ["known_issuer", knownIssuers()[0]],
  ["known_issuer", knownIssuers().at(-1)],
  ["tags", new Instance(ANSWER).tags],
];

/** Values of calls, by the kind of the call. */
const CALLS = {
  availability: "availability",
  identity_info: "identity_info",
  load_balancer: "load_balancer",
  scheduled_events: "scheduled_events",
  token: "access_token",
  versions: "versions",
};
for (const [kind, name] of Object.entries(CALLS)) {
  const values = JSON.parse(TEXT)
    .cases.filter(({ call, events }) => call.kind === kind && !("error" in (events.at(-1).expect ?? { error: "" })))
    .map((it) => play(started(client(it.client), it.call), camel(kind), it.events));
  assert.ok(values.length > 0, kind);
  for (const value of values) RESULTS.push([name, value]);
}

{
  const call = client().attestedDocument(undefined);
  const { document } = vector("attested::valid::as_azure_signs");
  const body = typeof document === "string" ? new TextEncoder().encode(document) : document;
  call.receive(call.poll(0).id, 0, 200, body, ["Content-Type", "application/json"]);
  RESULTS.push(["attested_document", SHAPES.attestedDocument(call.poll(0).done)]);
}

const form = (result) => JSON.parse(JSON.stringify(result));

function* objects(value) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value;
  for (const inner of Object.values(value)) yield* objects(inner);
}

test("each schema has a result", () => {
  // A diagnosis is made of the others; parity compares it.
  const named = [...new Set([...RESULTS.map(([name]) => name), "diagnosis"])].sort();
  assert.deepEqual([...SCHEMAS.keys()].sort(), named);
});

for (const [number, [name, result]] of RESULTS.entries()) {
  test(`${name} ${number}: its form is as the schema says, and a changed one is refused`, () => {
    const told = form(result);
    const isOne = SCHEMAS.get(name);
    assert.ok(isOne(told), ajv.errorsText(isOne.errors));
    assert.equal(Object.keys(told)[0], "schema_version");
    for (const members of objects(told)) {
      for (const [member, value] of Object.entries(members)) {
        for (const changed of [1.5, [0], { "": 0 }]) {
          members[member] = changed;
          assert.ok(!isOne(told), member);
        }
        delete members[member];
        assert.ok(!isOne(told), member);
        members[member] = value;
      }
      members.another = null;
      assert.ok(!isOne(told));
      delete members.another;
    }
    assert.deepEqual(told, form(result));
  });
}

test("errors of every kind are told alike", () => {
  const told = form(new VerifyError("text", { code: "root_not_trusted", summary: "what", nextStep: "do", missing }));
  assert.deepEqual(told, {
    schema_version: 1,
    kind: "verify",
    code: "root_not_trusted",
    summary: "what",
    message: "text",
    next_step: "do",
    retryable: false,
    missing: [{ name: "CN=root", sha256: "00".repeat(32), url: null }],
    attempts: [],
  });
  const { attempts: tried } = form(new ServiceError("text", { code: "unavailable", attempts }));
  assert.deepEqual(tried[1], { after_ms: 7, api_version: null, status: null, code: null, message: null });
});
