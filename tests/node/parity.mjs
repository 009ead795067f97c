// Answers the questions of the parity corpus with the package: node parity.mjs corpus.json answers.json
// The JSON forms of what a client finds go to a file beside the answers, `forms-answers.json`.

import { deepStrictEqual as deepEqual } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

import { basename, dirname, join } from "node:path";

import { AT_SIGNING_TIME, explain, knownIssuers, NONCE_NOT_CHECKED, UsageError, Verifier, recognise } from "azure-imds";
import * as alone from "azure-imds/verifier";

import { SHAPES } from "../../bindings-wasm/dist/records.js";
import { camel, client, play, started, TEXT } from "./transcripts.mjs";

const EXPLAINED = ["physicalZone", "diskSizeGB", "isVmInStandbyPool"];

const [, , questions, answers] = process.argv;
const corpus = readFileSync(questions);
const { version, certificates, cases } = JSON.parse(corpus);
if (version !== 1) throw new Error(`the corpus is of version ${version}`);

const written = { corpus: digest(corpus), answers: {} };
for (const it of cases) written.answers[it.id] = await answer(it);
writeFileSync(answers, JSON.stringify(written));
const told = { corpus: digest(TEXT), answers: forms() };
writeFileSync(join(dirname(answers), `forms-${basename(answers)}`), JSON.stringify(told));
console.log(`Node: ${cases.length} answers, ${Object.keys(told.answers).length} forms`);

/** The forms of the outcome of every transcript, of known issuers, of explained fields, of a diagnosis. */
function forms() {
  const found = {};
  for (const it of JSON.parse(TEXT).cases) found[it.id] = { form: outcome(it) };
  for (const known of knownIssuers()) found[`known_issuer::${known.sha256}`] = known;
  for (const name of EXPLAINED) found[`field::${name}`] = explain(name);
  const instance = readFileSync(new URL("../vectors/instance_2025-04-07.json", import.meta.url), "utf8");
  const answered = { 200: instance.replace("{", '{"apiVersions":["2025-04-07"],'), 429: "slowly" };
  for (const [status, body] of Object.entries(answered))
    found[`diagnosis::${status}`] = diagnosis(Number(status), body);
  return found;
}

/** The form of a transcript's value or error; null of what is plain JSON or text itself. */
function outcome(it) {
  try {
    return play(started(client(it.client), it.call), camel(it.call.kind), it.events)?.toJSON?.() ?? null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error;
  }
}

/** What the doctor finds on a machine of which nothing is known, if every request gets one answer. */
function diagnosis(status, body) {
  const call = client().diagnose("other", [], [], undefined);
  for (let now = 0; ;) {
    const { send, id, wait, done } = call.poll(now);
    if (done !== undefined) return SHAPES.diagnose(done);
    if (send === undefined) now = wait;
    else {
      const headers = ["Server", "IMDS/1", "Content-Type", "application/json"];
      call.receive(id, now, status, new TextEncoder().encode(body), headers);
    }
  }
}

/** The whole report of `explain`, what `verify` says, and what the input is taken for. */
async function answer(it) {
  const { nonce, clouds, max_age, skew, vm_id, subscription_id, sku, plan, ...others } = it.expect;
  if (Object.keys(others).length) throw new Error(`${it.id} expects what this runner does not know`);
  const options = {
    nonce: nonce ?? NONCE_NOT_CHECKED,
    now: it.at === "signing-time" ? AT_SIGNING_TIME : new Date(it.at * 1000),
    clouds,
    maxAge: max_age,
    skew,
    vmId: vm_id,
    subscriptionId: subscription_id,
    sku,
    plan,
  };
  const document = it.input.text ?? bytes(it.input.base64);
  const named = (names) => names.map((name) => bytes(certificates[name]));
  const trust = { anchors: named(it.anchors), issuers: named(it.issuers), deny: it.deny, fetch: false };
  let verifier;
  try {
    verifier = new Verifier(trust);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { usage: { class: error.constructor.name, code: error.code } };
  }
  const report = plain(await verifier.explain(document, options));
  const found = { report, recognised: plain(recognise(document)) };
  try {
    // The package has two modules: the other one says it here.
    const verified = await new alone.Verifier(trust).verify(document, options);
    return { verify: { document: plain(verified) }, ...found };
  } catch (error) {
    if (!(error instanceof alone.VerifyError)) throw error;
    deepEqual(plain(error.report), report, it.id);
    const { code, message, summary, nextStep, retryable, missing } = error;
    const told = plain({ code, message, summary, nextStep, retryable, missing });
    return { verify: { class: error.constructor.name, error: told }, ...found };
  }
}

/** A value as JSON, under the names of the Python package: bytes and PEM as digests, times as Unix time. */
function plain(value, name) {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return name === "pem" ? digest(value) : value;
  if (typeof value !== "object") return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return digest(value);
  if (Array.isArray(value)) return value.map((item) => plain(item));
  const members = Object.entries(value).map(([key, item]) => [snake(key), plain(item, key)]);
  // A report and a document are of classes; all else are plain objects.
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    members.push(["text", String(value)], ["form", value.toJSON()]);
  }
  if ("claims" in value) members.push(["claims", value.claims], ["anchor", plain(value.anchor)]);
  return Object.fromEntries(members);
}

function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function digest(content) {
  return createHash("sha256").update(content).digest("hex");
}

function bytes(base64) {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}
