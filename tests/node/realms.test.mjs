// Options, bytes and dates however JavaScript can give them: inherited, by accessors, of another realm, detached.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import * as whole from "azure-imds";
import { Client, describeCertificates, readCertificates, recognise, TransportError, UsageError } from "azure-imds";
import * as alone from "azure-imds/verifier";
import { Emulator, startEmulator } from "azure-imds/emulator";

import { certificate, vector } from "./suite.mjs";

const GOOD = vector("attested::valid::as_azure_signs");
const ANSWER = { status: 200, headers: [["Server", "IMDS/1.1.1.1"]], body: new TextEncoder().encode('{"compute":{}}') };
const SEED = new Uint8Array(32).fill(7);

/** A value as another realm makes it. */
const elsewhere = (code, given) => runInNewContext(code, { given });
const theirs = (bytes) => elsewhere("Uint8Array.from(given)", [...bytes]);

/** Bytes whose buffer was handed on. */
function detached(bytes) {
  const view = Uint8Array.from(bytes);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

async function usage(call, text, code = "argument_value") {
  const error = await (async () => call())().catch((it) => it);
  assert.ok(error instanceof UsageError, `${call}: ${error}`);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, text);
}

for (const [entry, { Verifier, NONCE_NOT_CHECKED }] of Object.entries({ whole, alone })) {
  const verifier = new Verifier({ ...GOOD.trust, fetch: false });
  const verify = (options) => verifier.verify(GOOD.document, options);

  test(`${entry}: options that a class or another object has are seen`, async () => {
    class Expected {
      now = GOOD.options.now;
      get nonce() {
        return "another";
      }
    }
    await assert.rejects(verify(new Expected()), { code: "nonce_mismatch" });
    class More extends Expected {
      get max_age() {
        return 1;
      }
    }
    await usage(() => verify(new More()), /the option is "max_age"; give only nonce, now, /);
    await assert.rejects(verify(Object.create({ ...GOOD.options, nonce: "another" })), { code: "nonce_mismatch" });
    await assert.rejects(verify(Object.create(Object.assign(Object.create(null), GOOD.options, { vmId: "x" }))), {
      code: "vm_id_mismatch",
    });
    assert.throws(() => new Verifier(Object.create({ fetch: 1 })), { code: "argument_type" });
  });

  test(`${entry}: what all objects inherit is never an option`, async () => {
    const { maxAge: _, skew: __, ...plain } = GOOD.options;
    try {
      Object.prototype.maxAge = 1;
      await usage(() => verify({ ...plain }), /^the option maxAge is inherited from Object\.prototype; remove it/);
      assert.ok(await verify({ ...GOOD.options, maxAge: undefined }));
      Object.prototype.fetch = false;
      await usage(() => new Verifier({}), /the option fetch is inherited/);
      assert.ok(new Verifier({ ...GOOD.trust, fetch: false }) && new Verifier());
    } finally {
      delete Object.prototype.maxAge;
      delete Object.prototype.fetch;
    }
    const polluted = "Object.prototype.skew = 3600; Object.assign({}, given)";
    await usage(() => verify(elsewhere(polluted, plain)), /the option skew is inherited/);
  });

  test(`${entry}: an option is read once`, async () => {
    let reads = 0;
    const options = {
      ...GOOD.options,
      get nonce() {
        reads += 1;
        return reads === 1 ? GOOD.options.nonce : NONCE_NOT_CHECKED;
      },
    };
    assert.equal((await verify(options)).nonceChecked, true);
    assert.equal(reads, 1);
    const plan = { product: "b", publisher: "c", name: undefined };
    Object.defineProperty(plan, "name", { get: () => ((reads += 1), "a"), enumerable: true });
    await assert.rejects(verify({ ...GOOD.options, plan }), { code: "plan_mismatch" });
    assert.equal(reads, 2);
  });

  test(`${entry}: options, bytes and dates of another realm`, async () => {
    const bytes = new TextEncoder().encode(GOOD.document);
    for (const document of [theirs(bytes), theirs(bytes).buffer]) {
      assert.ok(await verifier.verify(document, GOOD.options));
    }
    const now = elsewhere("new Date(given)", GOOD.options.now.getTime());
    assert.ok(!(now instanceof Date));
    const options = elsewhere("({ ...given, clouds: ['public'] })", { ...GOOD.options, now });
    assert.deepEqual((await verify(options)).judgedAt, GOOD.options.now);
    await usage(
      () => verify({ ...GOOD.options, now: elsewhere("new Date(NaN)") }),
      /now is "NaN"; give a Date from 1970 to 9999/,
    );
    await usage(() => verify({ ...GOOD.options, now: { getTime: () => 0 } }), /now is of type object/, "argument_type");
    const anchors = [theirs(certificate("root")), theirs(certificate("root")).buffer];
    const issuers = elsewhere("[given]", theirs(certificate("issuing")));
    assert.ok(await new Verifier({ anchors, issuers, fetch: false }).verify(GOOD.document, GOOD.options));
    const { chain } = await verify(GOOD.options);
    const deny = [theirs(Buffer.from(chain[0].sha256, "hex"))];
    const denying = new Verifier({ ...GOOD.trust, deny, fetch: false });
    await assert.rejects(denying.verify(GOOD.document, GOOD.options), { code: "certificate_denied" });
    for (const bytes of ["new Uint16Array(8)", "new DataView(new ArrayBuffer(8))", "new Uint8ClampedArray(8)"]) {
      await usage(() => verifier.verify(elsewhere(bytes), GOOD.options), /the document is of type/, "argument_type");
    }
  });

  test(`${entry}: bytes whose buffer was handed on are told`, async () => {
    const gone = detached(certificate("root"));
    for (const bytes of [gone, gone.buffer, elsewhere("given", gone)]) {
      await usage(() => verifier.verify(bytes, GOOD.options), /^the bytes of the document are no longer there: /);
      await usage(() => new Verifier({ anchors: bytes }), /^the bytes of anchors are no longer there/);
      await usage(() => new Verifier({ deny: ["00".repeat(32), bytes] }), /^the bytes of deny, item 2 are no longer/);
    }
  });

  test(`${entry}: a caller may write over what was given`, async () => {
    const [changed, copy] = [vector("attested::signature::content_changed"), (text) => Buffer.from(text)];
    const document = copy(changed.document);
    const refused = verifier.verify(document, changed.options);
    document.fill(0);
    const error = await refused.catch((it) => it);
    // So many refusals that this one's report is made anew, of the bytes.
    for (let count = 0; count < 70; count += 1) {
      await verifier.verify(changed.document, changed.options).catch((it) => it);
    }
    assert.equal(error.report.error.code, "content_signature");
  });
}

test("certificates and input of another realm, and without their buffer", async () => {
  const root = certificate("root");
  assert.deepEqual(readCertificates(theirs(root)), [root]);
  assert.equal(describeCertificates(theirs(root).buffer).length, 1);
  assert.equal(recognise(theirs(root)).material, recognise(root).material);
  for (const call of [readCertificates, describeCertificates, recognise]) {
    await usage(() => call(detached(root)), /no longer there/);
  }
});

test("a client's options and variables are seen wherever they are", async () => {
  const asked = [];
  const transport = async ({ url, headers }) => (asked.push(url, headers), ANSWER);
  class Options {
    get baseUrl() {
      return "http://somewhere.test";
    }
    transport = transport;
  }
  await new Client(new Options()).instance();
  assert.match(asked[0], /^http:\/\/somewhere\.test\//);
  const environment = Object.create({ AZURE_IMDS_ENDPOINT: "http://elsewhere.test" });
  assert.equal(new Client({ environment }).baseUrl, "http://elsewhere.test/metadata");
  const client = new Client(elsewhere("({ baseUrl: 'http://x.test', environment: {}, ...given })", { transport }));
  await assert.rejects(client.instance(Object.create({ extendet: true })), { code: "argument_value" });
  await assert.rejects(client.token("r", new (class extends Options {})()), { code: "argument_value" });
  assert.throws(() => client.watchEvents(Object.create({ interval: 1 })), { code: "argument_value" });
  try {
    Object.prototype.bypassCache = true;
    await usage(() => client.token("r", {}), /the option bypassCache is inherited/);
  } finally {
    delete Object.prototype.bypassCache;
  }
});

test("a transport's answer is taken from any realm, and told where it is none", async () => {
  const body = theirs(ANSWER.body);
  const client = (answer) => new Client({ transport: async () => answer, environment: {}, paced: false });
  const realm = elsewhere("({ status: 200, headers: [['Server', 'IMDS/1.1.1.1']], body: given })", body);
  assert.equal((await client(realm).instance()).json, '{"compute":{}}');
  assert.ok(await client({ ...ANSWER, headers: new Headers(ANSWER.headers) }).instance());
  await usage(() => client({ ...ANSWER, body: detached(body) }).instance(), /no longer there/);
  for (const [odd, text] of [
    [undefined, /the body that the transport gave/],
    [{ ...ANSWER, body: "{}" }, /the body that the transport gave/],
    [{ ...ANSWER, status: undefined }, /the status that the transport gave/],
    [{ ...ANSWER, status: "200" }, /the status that the transport gave/],
    [{ ...ANSWER, headers: { Server: "x" } }, /the headers that the transport gave .* \[\[name, value\], /],
    [{ ...ANSWER, headers: ["Server: x"] }, /the headers that the transport gave, item 1/],
  ]) {
    await usage(() => client(odd).instance(), text, "argument_type");
  }
  await usage(() => client({ ...ANSWER, status: 200.5 }).instance(), /a whole number from 0 to 999/);
});

test("an emulator takes what another realm made, and tells what it can't take", async () => {
  const emulator = new Emulator(elsewhere("({ seed: given, machine: { compute: { name: 'there' } } })", theirs(SEED)));
  assert.deepEqual([emulator.seed, emulator.machine.compute.name], [SEED, "there"]);
  await usage(() => new Emulator({ seed: detached(SEED) }), /the bytes of seed are no longer there/);
  await usage(() => new Emulator(Object.create({ sead: SEED })), /the option is "sead"/);
  await usage(() => startEmulator(Object.create({ prot: 1 })), /the option is "prot"/);
  await usage(() => startEmulator({ log: "yes" }), /log is of type string/, "argument_type");
  const circle = {};
  circle.compute = circle;
  for (const machine of [circle, { compute: { vmSize: 1n } }]) {
    await usage(() => new Emulator({ machine }), /the machine can't be written as JSON/);
    await usage(() => emulator.change(machine), /the changes can't be written as JSON/);
  }
  await usage(() => new Emulator({ machine: { toJSON() {} } }), /the machine is of type object/, "argument_type");
  class Changes {
    get notice() {
      return 7_200;
    }
  }
  emulator.schedule("live-migration", new Changes());
  const [event] = emulator.events;
  assert.ok(Math.abs(event.notBefore - Date.now() - 7_200_000) < 600_000, String(event.notBefore));
  await usage(() => emulator.schedule("live-migration", null), /the changes/, "argument_type");
  assert.throws(() => emulator.schedule("live-migration", Object.create({ notise: 1 })), {
    code: "scenario_malformed",
  });
});

test("a request for an emulator is taken from any realm, and told where it is none", async () => {
  const emulator = new Emulator();
  const request = { method: "POST", target: "/metadata/scheduledevents?api-version=2020-07-01", headers: [] };
  const body = new TextEncoder().encode("{}");
  const status = (more) => emulator.handle({ ...request, headers: [["Metadata", "true"]], ...more }).status;
  assert.equal(status({ body: theirs(body) }), status({ body }));
  for (const [odd, text] of [
    [{ body: "{}" }, /body/],
    [{ method: undefined }, /method/],
    [{ target: 1 }, /target/],
    [{ headers: ["Metadata", "true"] }, /headers, item 1/],
  ]) {
    await usage(() => status(odd), text, "argument_type");
  }
  await usage(() => emulator.handle(), /the request/, "argument_type");
  await usage(() => status({ body: detached(body) }), /no longer there/);
});

test("an error that was cloned still says its code", async () => {
  const verifier = new whole.Verifier({ ...GOOD.trust, fetch: false });
  const refused = await verifier.verify(GOOD.document, { ...GOOD.options, nonce: "other" }).catch((it) => it);
  const carried = new TransportError("no way", { code: "unreachable", cause: new Error("why") });
  for (const error of [refused, carried]) {
    const clone = structuredClone(error);
    assert.equal(clone.message, error.message);
    assert.ok(clone.stack.startsWith(`${error.name}: ${error.message} (${error.code})\n`), clone.stack);
    assert.ok(!error.message.includes(error.code));
    assert.equal(String(error), `${error.name}: ${error.message}`);
  }
  assert.equal(structuredClone(carried).cause.message, "why");
  const document = await verifier.verify(GOOD.document, GOOD.options);
  const { chain, vmId } = structuredClone(document);
  assert.deepEqual([vmId, chain[0].pem], [document.vmId, document.chain[0].pem]);
});
