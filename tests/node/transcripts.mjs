// Plays the shared transcripts of the client on a virtual clock against the calls of the module.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { AccessToken, Tags } from "azure-imds";

import { asking, made } from "../../bindings-wasm/dist/errors.js";
import { native } from "../../bindings-wasm/dist/native.node.js";
import { SHAPES } from "../../bindings-wasm/dist/records.js";

/** The file of transcripts. */
export const TEXT = readFileSync(new URL("../vectors/client.json", import.meta.url), "utf8");

/** A name as JavaScript spells it. */
export const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

export function client({ endpoint: baseUrl, environment = {}, version, policy = {} } = {}) {
  const { deadline: timeoutMs, max_body: maxBody, negotiates: negotiate } = policy;
  const given = { baseUrl, environment, version, timeoutMs, maxBody, negotiate };
  return asking(() => new native.Client(given, 0n));
}

export function started(of, { kind, ...given }) {
  const names = {
    instance: ["extended"],
    get: ["path"],
    text: ["path"],
    attested_document: ["nonce"],
    token: ["resource"],
    approve: ["event_ids"],
  };
  const options = kind === "token" ? ["client_id", "object_id", "resource_id", "bypass_cache"] : [];
  const taken = names[kind] ?? [];
  onlyKnown(given, [...taken, ...options]);
  const chosen = options.filter((name) => name in given).map((name) => [camel(name), given[name]]);
  const asked = [...taken.map((name) => given[name]), ...(options.length ? [Object.fromEntries(chosen)] : [])];
  return asking(() => of[camel(kind)]?.(...asked) ?? of.ask(camel(kind)));
}

/** Plays what happens to a call. Gives its value, or its error. */
export function play(call, kind, events) {
  let request;
  let outcome;
  for (const { at, to = request?.id, refused, ...event } of events) {
    const [what, ...others] = Object.keys(event);
    assert.equal(others.length, 0);
    if (what === "send") {
      const step = call.poll(at);
      assert.ok(step.send, JSON.stringify(step));
      request = step;
      compareRequest(step.send, at, event.send);
    } else if (what === "wait") {
      assert.deepEqual(call.poll(at), { wait: event.wait });
    } else if (what === "reply") {
      onlyKnown(event.reply, ["status", "headers", "body"]);
      const { status, headers = {}, body = "" } = event.reply;
      const fields = Object.entries(headers).flat();
      handed(refused, () => call.receive(to, at, status, new TextEncoder().encode(body), fields));
    } else if (what === "fail") {
      handed(refused, () => call.fail(to, at, event.fail, "as scripted", request.send.maxBody));
    } else {
      assert.equal(what, "expect");
      for (const _ of ["once", "again"]) outcome = compareOutcome(call.poll(at), kind, event.expect);
    }
  }
  return outcome;
}

/** Hands in what became of a request, which is taken or refused with a code. */
function handed(refused, hand) {
  if (refused === undefined) asking(hand);
  else assert.throws(() => asking(hand), { code: refused });
}

function compareRequest(sent, now, expected) {
  onlyKnown(expected, ["method", "url", "headers", "body"]);
  assert.deepEqual([sent.method, sent.url, sent.route], [expected.method, expected.url, "direct"]);
  assert.ok(sent.deadlineMs > now);
  const headers = Object.fromEntries(sent.headers);
  assert.equal(headers.Metadata, "true");
  for (const name of Object.keys(headers)) assert.ok(!/^(x-forwarded-for|forwarded)$/i.test(name));
  for (const [name, value] of Object.entries(expected.headers ?? {})) assert.equal(headers[name], value);
  if (expected.body !== undefined) assert.equal(new TextDecoder().decode(sent.body), expected.body);
}

function compareOutcome(step, kind, expected) {
  onlyKnown(expected, ["error", "ok", "value"]);
  if ("error" in expected) {
    assert.ok(step.failed, JSON.stringify(step));
    const error = made(step.failed);
    assert.equal(error.code, expected.error);
    return error;
  }
  assert.ok("done" in step, JSON.stringify(step));
  const value = SHAPES[kind](step.done);
  if ("value" in expected) assert.deepEqual(value ?? null, expected.value);
  for (const [path, wanted] of Object.entries(expected.ok ?? {})) assert.deepEqual(shown(value, path), wanted, path);
  return value;
}

/** The field of a value as the transcripts write it. */
function shown(value, path) {
  let found = value;
  for (const segment of path.split(".")) {
    if (found instanceof Tags && segment !== "source") found = found.pairs;
    if (Array.isArray(found) && segment === "name") found = found[0];
    else if (Array.isArray(found) && segment === "value") found = found[1];
    else found = found[/^\d+$/.test(segment) ? Number(segment) : camel(segment)];
  }
  if (value instanceof AccessToken && path === "secret") assert.ok(!Object.keys(value).includes("secret"));
  if (found instanceof Error) return found.code;
  if (found instanceof Date) return found.toISOString().replace(".000Z", "Z");
  return found ?? null;
}

export function onlyKnown(object, names) {
  for (const name of Object.keys(object)) assert.ok(names.includes(name), name);
}
