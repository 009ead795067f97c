// Strangers can't have the verifier connect without end, nor keep out whoever needs an issuer of the table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { flood, quantile, verdicts } from "./flood.mjs";

/** Requests on the way at once: four to addresses that anybody may have named, one to each of the eight of the table. */
const CONNECTIONS = 12;
/** Those that may wait for an address that anybody may have named, and those whose request is on the way. */
const [WAITERS, ON_THE_WAY] = [1000, 4];
/** Seconds for fetching: nothing here ends because its time is over, however busy the machine is. */
const TIME = { fetchTimeout: 1800 };

test("a thousand strangers who name addresses that hang", { timeout: 900_000 }, async (context) => {
  const { held, cold, strangers, mostConnections, requests } = await flood({
    strangers: 1000,
    genuine: 100,
    hangsFor: 100, // No stranger has a verdict while all hang: these are the genuine ones.
    ...TIME,
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

test("more than may wait are refused, and may come again", { timeout: 900_000 }, async () => {
  const [few, many] = [200, 200 + WAITERS + ON_THE_WAY];
  const { strangers } = await flood({ strangers: many, genuine: 0, hangsFor: few, ...TIME });
  assert.deepEqual(verdicts(strangers), { fetch_overflow: few, issuer_missing: many - few });
  assert.ok(strangers.filter((it) => it.code === "fetch_overflow").every((it) => it.retryable));
});
