// What a wrong signature costs in Node, and in the module alone, in turns: two numbers of microseconds.

import { NONCE_NOT_CHECKED, Verifier } from "azure-imds";

import * as native from "../../bindings-wasm/dist/wasm/azure_imds.js";
import { vector } from "../node/suite.mjs";

const { document, trust, options } = vector("attested::signature::content_changed");
const verifier = new Verifier({ ...trust, fetch: false });
const module = new native.Verifier({ ...trust, allowOrigins: [], bundled: [] });
const bytes = new TextEncoder().encode(document);
const expected = {
  nonce: options.nonce === NONCE_NOT_CHECKED ? null : options.nonce,
  nonceNotChecked: options.nonce === NONCE_NOT_CHECKED,
  clouds: options.clouds,
  skew: null,
  maxAge: null,
  vmId: null,
  subscriptionId: null,
  sku: null,
  plan: null,
};
const at = options.now.getTime() / 1000;

async function whole() {
  const { code } = await verifier.verify(document, options).catch((error) => error);
  if (code !== "content_signature") throw new Error(`the document is not refused as it must be: ${code}`);
}

async function alone() {
  const verification = module.start(bytes, expected, at, false, null, false);
  const { code } = JSON.parse(verification.poll(0).done.error);
  verification.free();
  if (code !== "content_signature") throw new Error(`the document is not refused as it must be: ${code}`);
}

async function microseconds(call) {
  const begun = performance.now();
  for (let index = 0; index < 50; index += 1) await call();
  return (performance.now() - begun) * 20;
}

const [wholes, alones] = [[], []];
for (let turn = 0; turn < 40; turn += 1) {
  wholes.push(await microseconds(whole));
  alones.push(await microseconds(alone));
}
const median = (times) => times.slice(10).sort((one, other) => one - other)[15];
console.log(JSON.stringify([median(wholes), median(alones)]));
