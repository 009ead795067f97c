// Strangers can't have the verifier connect without end, nor keep out whoever needs an issuer of the table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { flood, quantile, verdicts } from "./flood.mjs";

/** Requests on the way at once: four to addresses that anybody may have named, one to each of the eight of the table. */
const CONNECTIONS = 12;

test("a thousand strangers who name addresses that hang", { timeout: 60_000 }, async (context) => {
  const { held, cold, strangers, mostConnections, requests } = await flood({
    strangers: 1000,
    genuine: 100,
    // A busy machine may take seconds to read that many, in which nothing else is done.
    fetchTimeout: 10,
  });
  assert.deepEqual([verdicts(held), verdicts(cold)], [{ verified: 50 }, { verified: 50 }]);
  assert.deepEqual(verdicts(strangers), { issuer_missing: 1000 });
  assert.ok(mostConnections <= CONNECTIONS, `${mostConnections} connections`);
  assert.ok(
    [...requests.values()].every((times) => times === 1),
    "one request for all who need the same",
  );
  const named = [...requests.keys()].filter((path) => path.includes("stranger"));
  assert.ok(named.length <= 12, `${named.length} addresses of strangers were asked`);
  for (const [half, judged] of Object.entries({ held, cold, strangers })) {
    context.diagnostic(
      `${half}: p50 ${quantile(judged, 0.5).toFixed(1)} ms, p99 ${quantile(judged, 0.99).toFixed(1)} ms`,
    );
  }
});

test("more than may wait are refused, and may come again", { timeout: 60_000 }, async () => {
  const { strangers } = await flood({ strangers: 1200, genuine: 0 });
  const found = verdicts(strangers);
  assert.ok(found.fetch_overflow >= 100, JSON.stringify(found));
  assert.equal(found.fetch_overflow + found.issuer_missing, 1200, JSON.stringify(found));
  assert.ok(strangers.filter((it) => it.code === "fetch_overflow").every((it) => it.retryable));
});
