// Strangers' documents by the thousand, and genuine ones among them: `node tests/node/flood.mjs [STRANGERS] [GENUINE] [A SECOND]`.
//
// A stranger needs no authority for it: a key of his own, a certificate signed by nobody that names an address on the
// host of genuine issuers, a document with a nonce that was handed out. What he names hangs. Half of the genuine
// documents need an issuer that is not held yet. All of it stays on this machine.

import { createServer } from "node:http";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

import { knownIssuers, Verifier } from "azure-imds";

import * as mint from "./mint.mjs";

const FOLDER = "http://www.microsoft.com/pkiops/certs/";
/** Issuers that are not held at first. */
const ISSUERS = 8;
/** Milliseconds that the host of the issuers takes, where it answers. */
const ANSWER_MS = 50;

/**
 * Lets strangers in, and genuine documents among them. Gives what became of each, and what the host of the issuers saw.
 * So many arrive in a second; all at once unless given. What strangers name hangs until `hangsFor` documents have their
 * verdict, and from then on ends without an answer; without end unless given.
 */
export async function flood({ strangers = 1000, genuine = 200, perSecond = Infinity, hangsFor, ...options } = {}) {
  const material = minted(strangers, genuine);
  const host = await serve(material.answers);
  let verdicts = 0;
  const real = globalThis.fetch;
  globalThis.fetch = (url, init) => real(`${host.origin}${new URL(url).pathname}`, init);
  try {
    const verifier = new Verifier({ anchors: material.root, issuers: material.held, ...options });
    const begun = performance.now();
    const judgements = await Promise.all(
      mixed(material.strangers, material.genuine).map(async (it, number) => {
        await new Promise((resolve) => setTimeout(resolve, (1000 * number) / perSecond));
        const judgement = await judged(verifier, it);
        verdicts += 1;
        if (verdicts === hangsFor) host.endHanging();
        return judgement;
      }),
    );
    const of = (kind) => judgements.filter((it) => it.kind === kind);
    return {
      held: of("held"),
      cold: of("cold"),
      strangers: of("stranger"),
      seconds: (performance.now() - begun) / 1000,
      mostConnections: host.mostConnections(),
      requests: host.requests(),
    };
  } finally {
    globalThis.fetch = real;
    host.close();
  }
}

/** The time within which so much of them had their verdict, in milliseconds. */
export function quantile(judgements, share) {
  const times = judgements.map((it) => it.ms).sort((one, other) => one - other);
  return times[Math.min(Math.floor(share * times.length), times.length - 1)];
}

/** How many got which verdict. */
export function verdicts(judgements) {
  const counts = {};
  for (const { code } of judgements) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function minted(strangers, genuine) {
  const root = mint.authority("node test Root CA");
  const held = mint.authority("node test Issuing CA", root);
  const known = knownIssuers().filter((it) => it.url?.startsWith(FOLDER));
  const addresses = [...new Set(known.map((it) => it.url))].slice(0, ISSUERS);
  const cold = addresses.map((url, number) => ({ url, ca: mint.authority(`node test Issuing CA ${number}`, root) }));
  const keys = mint.rsaKey();
  const nobody = { ...mint.authority("node test Nobody"), keys };
  const nonce = (kind, number) => `${kind}${number}`.padEnd(32, "0");
  return {
    root: root.der,
    held: held.der,
    answers: new Map(cold.map(({ url, ca }) => [new URL(url).pathname, ca.der])),
    strangers: Array.from({ length: strangers }, (_, number) => {
      const signer = mint.signer(nobody, `${FOLDER}stranger-${number}.crt`, keys);
      const its = nonce("stranger", number);
      return { document: mint.document(signer, its), nonce: its, kind: "stranger" };
    }),
    genuine: Array.from({ length: genuine }, (_, number) => {
      const isCold = number % 2 === 1;
      const { url, ca } = isCold ? cold[((number - 1) / 2) % ISSUERS] : { url: cold[0].url, ca: held };
      const its = nonce("genuine", number);
      const document = mint.document(mint.signer(ca, url, keys), its);
      return { document, nonce: its, kind: isCold ? "cold" : "held" };
    }),
  };
}

/** The few spread evenly among the many. */
function mixed(many, few) {
  const places = [many, few].flatMap((list) => list.map((it, at) => ({ it, place: (at + 0.5) / list.length })));
  return places.sort((one, other) => one.place - other.place).map(({ it }) => it);
}

async function judged(verifier, { document, nonce, kind }) {
  const begun = performance.now();
  const error = await verifier.verify(document, { nonce }).then(
    () => undefined,
    (refused) => refused,
  );
  const { code, retryable } = error ?? { code: "verified" };
  return { code, retryable, kind, ms: performance.now() - begun };
}

/** The host that both name: it answers for its issuers, and lets everything else hang until told otherwise. */
async function serve(answers) {
  let [connections, mostConnections] = [0, 0];
  let isHanging = true;
  const hanging = new Set();
  const requests = new Map();
  const server = createServer((request, response) => {
    requests.set(request.url, (requests.get(request.url) ?? 0) + 1);
    const der = answers.get(request.url);
    if (der) setTimeout(() => response.end(der), ANSWER_MS);
    else if (isHanging) hanging.add(response);
    else response.destroy();
  });
  server.keepAliveTimeout = 0; // It ends no connection that is about to be used again.
  server.on("connection", (socket) => {
    connections += 1;
    mostConnections = Math.max(mostConnections, connections);
    socket.on("close", () => (connections -= 1));
  });
  await new Promise((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    mostConnections: () => mostConnections,
    requests: () => requests,
    endHanging: () => {
      isHanging = false;
      for (const response of hanging) response.destroy();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) {
  const [strangers = 1000, genuine = 200, perSecond = 300] = argv.slice(2).map(Number);
  const found = await flood({ strangers, genuine, perSecond });
  for (const half of ["held", "cold", "strangers"]) {
    const [p50, p99] = [0.5, 0.99].map((share) => quantile(found[half], share).toFixed(1));
    console.log(`${half}: p50 ${p50} ms, p99 ${p99} ms, ${JSON.stringify(verdicts(found[half]))}`);
  }
  const most = Math.max(...found.requests.values());
  const addresses = `addresses asked: ${found.requests.size}, at most ${most} times`;
  console.log(`connections at once: ${found.mostConnections}; ${addresses}; ${found.seconds.toFixed(1)} s`);
}
