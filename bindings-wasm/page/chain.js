// The chain as a tree, from the root down to the signer.

import { knownIssuers } from "../dist/index.web.js";
import { copyButton, h, save } from "./dom.js";
import { day, relative } from "./time.js";
import { facts } from "./verdict.js";

/** The chain of a report. `judged` is the time it speaks of. */
export function chain(report, judged, isSample) {
  const isProven = report.checks.some((line) => line.name === "chain" && line.outcome === "passed");
  const missing = report.error?.code === "issuer_missing" ? report.error.missing.map((it) => it.name) : [];
  if (report.chain.length === 0) return undefined;
  const [leaf] = report.chain;
  let below;
  for (const certificate of report.chain) {
    const role = roleOf(certificate, certificate === leaf, isProven && certificate === report.chain.at(-1), isSample);
    below = h("li", {}, entry(certificate, role, judged, certificate === leaf), below && h("ol", {}, below));
  }
  if (missing.length > 0) {
    // From the top down, as the tree is; those of one name are several certificates of one issuer.
    const lines = [...new Set(missing)].reverse().map((name) => h("p", {}, `Missing: ${name}`));
    below = h("li", { class: "missing" }, lines, h("ol", {}, below));
  }
  return h(
    "section",
    { "aria-labelledby": "chain-title" },
    h("h2", { id: "chain-title" }, "Certificates"),
    h(
      "p",
      { class: "note" },
      isProven ? "Each was signed by the one above it." : "What was at hand. Nothing is proven of these certificates.",
    ),
    h("ol", { class: `chain${isProven ? "" : " unproven"}` }, below),
  );
}

function roleOf(certificate, isLeaf, isAnchor, isSample) {
  if (isAnchor) {
    const known = knownIssuers().find((it) => it.sha256 === certificate.sha256);
    if (known?.defaultAnchor) return "root, trusted by default";
    return isSample ? "root, trusted for this sample" : "root, trusted because you added it";
  }
  return isLeaf ? "signer" : certificate.subject === certificate.issuer ? "root, not trusted" : "intermediate";
}

function entry(certificate, role, judged, isOpen) {
  const { subject, issuer, serial, sha256, publicKeySha256, notBefore, notAfter, key, der, pem } = certificate;
  const name = commonName(subject);
  const isValid = notBefore <= judged && judged <= notAfter;
  const ends = notAfter < judged ? `ended ${relative(notAfter, judged)}` : `ends ${relative(notAfter, judged)}`;
  const file = `${name.replace(/[^A-Za-z0-9.-]+/g, "_").slice(0, 60) || "certificate"}`;
  return h(
    "details",
    { class: "certificate", open: isOpen },
    h(
      "summary",
      {},
      h("span", { class: "who" }, name),
      h("span", { class: "role" }, role),
      h(
        "span",
        { class: `when${isValid ? "" : " ended"}` },
        `${key || "key of no accepted kind"} · ${day(notBefore)} to ${day(notAfter)}, ${notBefore > judged ? `begins ${relative(notBefore, judged)}` : ends}`,
      ),
    ),
    h(
      "div",
      {},
      facts([
        ["Subject", subject],
        ["Issuer", issuer],
        ["Serial", h("span", { class: "mono" }, serial)],
        ["SHA-256", h("span", { class: "mono" }, sha256)],
        ["SHA-256 of its key", h("span", { class: "mono" }, publicKeySha256)],
      ]),
      h(
        "div",
        { class: "row take" },
        copyButton("Copy SHA-256", sha256, `Copy SHA-256 of ${name}`),
        copyButton("Copy PEM", pem, `Copy PEM of ${name}`),
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            "aria-label": `Save DER of ${name}`,
            click: () => save(`${file}.cer`, "application/pkix-cert", der),
          },
          "Save DER",
        ),
      ),
    ),
  );
}

/** The common name within a subject of RFC 4514, or all of it. */
export function commonName(subject) {
  // What is behind a backslash is part of a value: a comma there begins no new part.
  const parts = subject.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return parts.find((part) => part.startsWith("CN="))?.slice(3) || subject || "(no name)";
}
