// What a wrong signature costs in Node, and in the module alone, in turns: two numbers of microseconds.

import { Verifier } from "azure-imds";

import * as native from "../../bindings-wasm/dist/wasm/azure_imds.js";
import { vector } from "../node/suite.mjs";

const { document, trust, options } = vector("attested::signature::content_changed");
const verifier = new Verifier({ ...trust, fetch: false });
const { anchors, issuers } = trust;
const module = new native.Verifier({ anchors, issuers, fetch: false });
const bytes = new TextEncoder().encode(document);
const expected = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

async function whole() {
  const { code } = await verifier.verify(document, options).catch((error) => error);
  if (code !== "content_signature") throw new Error(`the document is not refused as it must be: ${code}`);
}

async function alone() {
  const verification = module.start(bytes, expected, 0, false);
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
