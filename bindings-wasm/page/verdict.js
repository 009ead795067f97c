// The verdict above the report, and every check with its evidence.

import { cautions } from "./cautions.js";
import { by, copyButton, h, icon } from "./dom.js";
import { absolute, relative } from "./time.js";

/** How a headline is shown; what is not here is bad. */
const TONES = {
  verified: ["ok", "passed"],
  verified_at_signing: ["ok", "passed"],
  verified_by_added_root: ["warn", "warning"],
  verified_at_signing_by_added_root: ["warn", "warning"],
  nothing_checked: ["none", "none"],
  issuer_missing: ["warn", "warning"],
  root_not_trusted: ["warn", "warning"],
  not_valid_now: ["warn", "warning"],
};

const CHECKS = {
  input: "Input can be read",
  signed_data: "It is a signed document",
  signer_certificate: "Signer’s certificate",
  algorithms: "Algorithms",
  key_strength: "Key strength",
  content_signature: "Signature over the content",
  content: "Content",
  names: "Signer’s names",
  chain: "Path to a trusted root",
  claims: "Claims",
  nonce: "Nonce",
  window: "Valid at this time",
  max_age: "Age",
  vm_id: "VM",
  subscription_id: "Subscription",
  sku: "Image SKU",
  plan: "Marketplace plan",
};
const MARKS = { passed: "tick", failed: "cross", not_checked: "dash", not_reached: "dots" };
const OUTCOMES = { passed: "passed", failed: "failed", not_checked: "not checked", not_reached: "not reached" };

/** Shows a verdict; `more` are elements below it. */
export function showVerdict(tone, symbol, title, meaning, more) {
  const verdict = by("verdict");
  verdict.className = `verdict ${tone}`;
  verdict.querySelector(".icon").replaceChildren(icon(symbol));
  by("verdict-title").textContent = title;
  by("live").querySelector(".meaning").textContent = meaning;
  by("verdict-more").replaceChildren(...more.filter(Boolean));
  document.title = `${title} – attested document`;
}

/** The verdict of a report. `judged` is the time it speaks of. */
export function verdictOf(report, recognised, sample, judged) {
  const { headline, error } = report;
  const [tone, symbol] = TONES[headline.name] ?? ["bad", "failed"];
  const isOther = headline.name === "nothing_checked" && recognised.material !== "document";
  const meaning = isOther ? `This is ${recognised.description}.` : headline.meaning;
  showVerdict(tone, symbol, headline.title, meaning, [
    error ? failure(error, isOther ? recognised.nextStep : undefined) : subject(report.document, judged),
    ...cautions(report).map(caution),
    sample && caution(sample.trust),
  ]);
}

function subject(document, judged) {
  const plan = document.plan && `${document.plan.publisher} / ${document.plan.product} / ${document.plan.name}`;
  return facts([
    ["VM", h("span", { class: "mono" }, document.vmId)],
    ["Subscription", document.subscriptionId && h("span", { class: "mono" }, document.subscriptionId)],
    ["Signed by", `${document.names[0]} (${document.cloud}${document.region ? `, ${document.region}` : ""})`],
    ["Plan", plan],
    ["Expires", `${relative(document.expiresOn, judged)}, ${absolute(document.expiresOn)}`],
    ...(document.isDefaultAnchor
      ? []
      : [
          ["Root", document.anchor.subject],
          ["SHA-256", copied(document.anchor.sha256, "Copy SHA-256 of the root")],
        ]),
    ["Identity", copied(document.identity, "Copy identity")],
  ]);
}

function failure(error, otherStep) {
  const isTold = error.missing.length > 0;
  return facts([
    ["Because", otherStep ? undefined : isTold ? error.summary : error.message],
    ["Code", h("code", {}, error.code)],
    ...error.missing.flatMap((it, place) => missing(error, it, place)),
    ["Next step", sentence(otherStep ?? error.pageStep)],
  ]);
}

/** One of the certificates that are missing, or the root that is not trusted. */
function missing(error, { name, sha256, url }, place) {
  // Those of one name are several certificates of one issuer, any of which does.
  const isAnother = error.missing[place - 1]?.name === name;
  const of = error.missing.length > 1 ? ` ${place + 1}` : "";
  return [
    [error.code === "issuer_missing" ? "Missing" : "Root", isAnother ? `or another certificate of ${name}` : name],
    ["SHA-256", sha256 && copied(sha256, `Copy SHA-256${of}`)],
    ["Available at", url && [link(url), " ", copyButton("Copy", url, `Copy address${of}`)]],
  ];
}

/** An address of the core's list. The person who follows it asks for it, not the page. */
function link(url) {
  return h("a", { class: "mono", href: url, target: "_blank", rel: "noreferrer" }, url);
}

/** A text with a button that copies it. */
function copied(text, name) {
  return [h("span", { class: "mono" }, text), " ", copyButton("Copy", text, name)];
}

/** Every check, in order. */
export function checks(report) {
  const isOpen = (line) => line.outcome === "not_checked" && line.detail === "not asked for";
  const isBehind = (line) => line.outcome === "not_reached" && !line.detail;
  const named = (which) => report.checks.filter(which).map((line) => CHECKS[line.name] ?? line.name);
  const [open, behind] = [named(isOpen), named(isBehind)];
  const shown = report.checks.filter((line) => !isOpen(line) && !isBehind(line));
  const lines = shown.map((line) =>
    h(
      "li",
      { class: line.outcome },
      icon(MARKS[line.outcome]),
      h("span", { class: "name" }, CHECKS[line.name] ?? line.name),
      h(
        "div",
        { class: "detail" },
        line.outcome === "passed" ? line.detail : `${OUTCOMES[line.outcome]}${line.detail ? `: ${line.detail}` : ""}`,
        line.code && [" ", h("code", {}, line.code)],
        line.pageStep && h("p", { class: "next" }, sentence(line.pageStep)),
      ),
    ),
  );
  return h(
    "section",
    { "aria-labelledby": "checks-title" },
    h("h2", { id: "checks-title" }, "Every check"),
    h("ol", { class: "checks" }, lines),
    behind.length > 0 && h("p", { class: "open hint" }, `Not reached: ${behind.join(", ")}.`),
    open.length > 0 && h("p", { class: "open hint" }, `Not asked for: ${open.join(", ")}.`),
  );
}

/** Names and values, without those that have no value. */
export function facts(rows) {
  const present = rows.filter(([, value]) => value);
  return h(
    "dl",
    { class: "facts" },
    present.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}

function caution(text) {
  return h("p", { class: "caution" }, text);
}

/** The core's texts begin small and have no full stop. */
function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
