// The shared transcripts of the client, played on a virtual clock against the calls of the module.

import assert from "node:assert/strict";
import { test } from "node:test";

import { camel, client, onlyKnown, play, started, TEXT } from "./transcripts.mjs";

const CASES = 133;
const SUITE = JSON.parse(TEXT);

let played = 0;

test("the suite is the one that is known", () => {
  assert.equal(SUITE.version, 1);
  assert.equal(SUITE.cases.length, CASES);
  assert.equal(TEXT.split('"id":').length - 1, CASES, "counted without reading it as JSON");
  assert.equal(new Set(SUITE.cases.map((it) => it.id)).size, CASES);
  for (const it of SUITE.cases) {
    onlyKnown(it, ["id", "importance", "description", "client", "call", "events"]);
    onlyKnown(it.client ?? {}, ["endpoint", "environment", "version", "policy"]);
    onlyKnown(it.client?.policy ?? {}, ["deadline", "max_body", "negotiates"]);
  }
});

for (const it of SUITE.cases) {
  test(it.id, () => {
    played += 1;
    let call;
    try {
      call = started(client(it.client), it.call);
    } catch (error) {
      assert.deepEqual(it.events, [{ at: 0, expect: { error: error.code } }], error.stack);
      return;
    }
    play(call, camel(it.call.kind), it.events);
  });
}

test("every transcript was played", () => assert.equal(played, CASES));
