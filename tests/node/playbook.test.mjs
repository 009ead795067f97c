// Every fault against every call, over real sockets: the same table that Rust and Python hold themselves to.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Client, ImdsError, Verifier } from "azure-imds";
import { startEmulator } from "azure-imds/emulator";

const SUITE = JSON.parse(readFileSync(new URL("../vectors/playbook.json", import.meta.url), "utf8"));
const NONCE = "1234567890";
/** Cases at the same time: most of the time passes with waiting. */
const WORKERS = 16;
/** Chances that a case has that was late at first. */
const CHANCES = 20;

const instance = (it) =>
  `${it.compute.name ?? "-"} ${it.compute.osProfile.computerName ?? "-"} ${it.network.interfaces.length}`;

const CALLS = {
  instance: async (client) => instance(await client.instance()),
  extended_instance: async (client) => instance(await client.instance({ extended: true })),
  get: (client) => client.get("compute/name"),
  text: (client) => client.text("network"),
  tags: async (client) => [...(await client.tags())].map(([name, value]) => `${name}=${value}`).join(","),
  attested_document: async (client) => {
    const { signature } = await client.attestedDocument({ nonce: NONCE });
    return signature.length > 1_000 ? "signed" : "unsigned";
  },
  verified_document: async (client, emulator) => {
    const verifier = new Verifier({ ...emulator.trust, fetch: false });
    const { text } = await client.attestedDocument({ nonce: NONCE });
    return (await verifier.verify(text, { nonce: NONCE })).vmId;
  },
  token: async (client) => {
    const token = await client.token("https://vault.azure.net");
    return `${token.resource ?? "-"} ${token.tokenType ?? "-"} ${token.secret.split(".").length}`;
  },
  identity_info: async (client) => (await client.identityInfo()).tenantId ?? "-",
  scheduled_events: async (client) => {
    const { events } = await client.scheduledEvents();
    return events.map((event) => `${event.eventType ?? "-"} ${event.eventStatus ?? "-"}`).join(",");
  },
  approve: async (client, emulator) => {
    await client.approve(emulator.events[0].id);
    return "";
  },
  load_balancer: async (client) => (await client.loadBalancer()).publicIpAddresses[0]?.frontendIpAddress ?? "-",
  versions: async (client) => (await client.versions()).newest ?? "-",
  availability: async (client) => {
    const { isAvailable, reason } = await client.availability();
    return `${isAvailable ? "available" : "absent"} ${reason?.code ?? "-"}`;
  },
};

function reset(emulator, fault) {
  for (const event of emulator.events) emulator.cancel(event.id);
  emulator.schedule(SUITE.scenario);
  emulator.clearFaults();
  emulator.fault(`*:${fault}`);
  emulator.clearRequests();
}

async function found(emulator, { call, fault, patience }) {
  reset(emulator, fault);
  const { policy } = SUITE;
  const client = new Client({
    baseUrl: emulator.url,
    environment: {},
    attemptTimeoutMs: policy[patience].attempt_timeout_ms,
    timeoutMs: policy[patience].timeout_ms,
    retries: policy.retries,
    transportRetries: policy.transport_retries,
    backoffMs: policy.backoff_ms,
    maxBody: policy.max_body,
    paced: policy.paced,
  });
  let [outcome, value] = ["ok", undefined];
  try {
    value = await CALLS[call](client, emulator);
  } catch (error) {
    if (!(error instanceof ImdsError)) throw error;
    outcome = error.code;
  }
  return [outcome, value, emulator.requests.length];
}

/** What came, if it is not what the table says. */
async function wrong(emulator, it) {
  const came = await found(emulator, it);
  const expected = [it.outcome, it.value, it.requests];
  return came.some((part, index) => part !== expected[index]) ? `${JSON.stringify(it)}: ${came}` : undefined;
}

const served = () => startEmulator({ machine: SUITE.machine, limits: false });

test("every case comes out as in the table", async (context) => {
  const order = ["ample", "short", "long"];
  const cases = [...SUITE.cases].sort((one, other) => order.indexOf(one.patience) - order.indexOf(other.patience));
  // An emulator's key for tokens takes seconds to make: few emulators give them.
  const tokens = cases.filter((it) => it.call === "token");
  const others = cases.filter((it) => it.call !== "token");
  const count = cases.length;
  assert.deepEqual(new Set(cases.map((it) => it.call)), new Set(Object.keys(CALLS)));
  assert.ok(count > 1_200);
  const elder = await served();
  assert.ok(elder.trust.anchors); // Makes the authority, which all of them share.
  const late = [];
  let held = 0;
  async function work(queue) {
    let emulator = await served();
    for (let it = queue.pop(); it; it = queue.pop()) {
      if (await wrong(emulator, it)) {
        late.push(it);
        await emulator.close(); // What is late may come to the next one.
        emulator = await served();
      }
      held += 1;
    }
    await emulator.close();
  }
  const queues = [tokens, tokens, ...Array(WORKERS).fill(others)];
  await Promise.all(queues.map(work));
  assert.equal(held, count);
  assert.ok(late.length < count / 2, JSON.stringify(late));
  // A machine that is too busy for so many at once may make a case late: each has a few more chances, by itself.
  const all = [];
  for (const it of late) {
    let came;
    for (let chance = 0; chance < CHANCES && (chance === 0 || came); chance += 1) {
      const emulator = await served();
      if (it.call === "token") emulator.makeKeys();
      came = await wrong(emulator, it);
      await emulator.close();
    }
    all.push(came);
  }
  await elder.close();
  context.diagnostic(`${held} cases, ${late.length} of them late at first`);
  assert.deepEqual(
    all.filter((it) => it !== undefined),
    [],
  );
});
