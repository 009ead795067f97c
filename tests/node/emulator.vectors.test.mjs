// The shared transcripts of the emulator, played on a virtual clock.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { asking } from "../../bindings-wasm/dist/errors.js";
import { native } from "../../bindings-wasm/dist/native.node.js";

const CASES = 42;
const TEXT = readFileSync(new URL("../vectors/emulator.json", import.meta.url), "utf8");
const SUITE = JSON.parse(TEXT);
const START = Date.UTC(2026, 6, 28, 13, 24, 0) / 1000;
const NO_LIMITS = { perSecond: 0, identityPerSecond: 0, identityConcurrent: 0 };

let played = 0;

test("the suite is the one that is known", () => {
  assert.equal(SUITE.version, 1);
  assert.equal(SUITE.cases.length, CASES);
  assert.equal(new Set(SUITE.cases.map((it) => it.id)).size, CASES);
});

for (const it of SUITE.cases) {
  test(it.id, () => {
    played += 1;
    onlyKnown(it, ["description", "events", "faults", "id", "importance", "limits", "machine", "steps"]);
    const machine = { ...it.machine, ...(it.limits ? {} : { limits: NO_LIMITS }) };
    const seed = new Uint8Array(32).fill(7);
    const emulator = asking(() => new native.Emulator(JSON.stringify(machine), false, seed, undefined, undefined));
    for (const rule of it.faults ?? []) asking(() => emulator.addFault(rule));
    for (const name of it.events ?? []) asking(() => emulator.schedule(0, START, name, "{}", undefined));
    assert.ok(it.steps.length > 0);
    for (const [number, { at, send, reply, change, refused }] of it.steps.entries()) {
      if (change !== undefined) {
        assert.equal(changed(emulator, change), refused, `step ${number}`);
        continue;
      }
      const headers = Object.entries(send.headers ?? {}).flat();
      const body = new TextEncoder().encode(send.body ?? "");
      const unix = START + Math.floor(at / 1000);
      compare(`step ${number}`, reply, emulator.handle(at, unix, send.method, send.target, headers, body));
    }
    emulator.free();
  });
}

test("every transcript was played", () => assert.equal(played, CASES));

function changed(emulator, changes) {
  try {
    asking(() => emulator.change(JSON.stringify(changes)));
  } catch (error) {
    return error.code;
  }
  return undefined;
}

function compare(step, expected, reply) {
  onlyKnown(expected, ["body", "contains", "delay", "ending", "fault", "headers", "part", "status"]);
  const body = new TextDecoder().decode(reply.body);
  assert.equal(reply.status, expected.status, `${step}: ${body}`);
  if (expected.body !== undefined) assert.equal(body, expected.body, step);
  if (expected.contains !== undefined) assert.ok(body.includes(expected.contains), `${step}: ${body}`);
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    const found = reply.headers.find(([own]) => own.toLowerCase() === name.toLowerCase());
    assert.equal(found?.[1], value, `${step}: ${name}`);
  }
  if (expected.delay !== undefined) assert.equal(reply.delayMs, expected.delay, step);
  if (expected.part !== undefined) assert.equal(reply.part, expected.part, step);
  if (expected.fault !== undefined) assert.equal(reply.fault ?? null, expected.fault, step);
  const ending = reply.amount === undefined ? reply.ending : `${reply.ending}=${reply.amount}`;
  assert.equal(ending, expected.ending ?? "whole", step);
}

function onlyKnown(object, names) {
  for (const name of Object.keys(object)) assert.ok(names.includes(name), name);
}
