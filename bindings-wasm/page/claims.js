// What the document says: as claims if it is verified, visibly as nobody's word if it is not.

import { quoted } from "../dist/verifier.web.js";
import { h } from "./dom.js";
import { absolute, claimTime, relative } from "./time.js";

const NAMES = {
  vmId: "VM",
  subscriptionId: "Subscription",
  sku: "Image SKU",
  nonce: "Nonce",
  licenseType: "Licence type",
  "timeStamp.createdOn": "Created",
  "timeStamp.expiresOn": "Expires",
  "plan.name": "Plan",
  "plan.product": "Plan: offer",
  "plan.publisher": "Plan: publisher",
};

/** The claims of a report; `judged` is the time it speaks of. */
export function claims(report, judged) {
  const content = report.document?.content ?? report.unverified;
  if (content === undefined) return undefined;
  const table = h(
    "table",
    { class: "claims" },
    h(
      "tbody",
      {},
      rows(content).map(([name, value]) => row(name, value, judged)),
    ),
  );
  return h(
    "section",
    { "aria-labelledby": "claims-title" },
    h("h2", { id: "claims-title" }, report.document ? "What it says" : "What it claims"),
    report.document
      ? table
      : h(
          "div",
          { class: "unverified" },
          h("p", { class: "banner" }, "Not verified. Anybody can have written this."),
          table,
        ),
  );
}

/** Names and values, one for each member, those of inner objects with a dotted name. */
function rows(content) {
  let object;
  try {
    object = JSON.parse(content);
  } catch {
    return [["", content]]; // The check "claims" says what is wrong with it.
  }
  const flat = (members, prefix) =>
    Object.entries(members ?? {}).flatMap(([name, value]) =>
      value !== null && typeof value === "object" ? flat(value, `${prefix}${name}.`) : [[prefix + name, value]],
    );
  return object !== null && typeof object === "object" ? flat(object, "") : [["", content]];
}

function row(name, value, judged) {
  const text = String(value);
  const date = name.startsWith("timeStamp.") ? claimTime(text) : undefined;
  const isLate = name === "timeStamp.expiresOn" && date < judged;
  const verb = name === "timeStamp.expiresOn" ? (isLate ? "expired " : "expires ") : "";
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, NAMES[name] ?? (quoted(name) || "Content")),
    h(
      "td",
      {},
      date
        ? absolute(date)
        : text === ""
          ? h("span", { class: "human" }, "empty")
          : h("span", { class: "mono" }, quoted(text)),
      date && h("span", { class: `human${isLate ? " late" : ""}` }, `${verb}${relative(date, judged)}`),
    ),
  );
}
