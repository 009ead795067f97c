// What the document says: as claims if it is verified, visibly as nobody's word if it is not.

import { quoted } from "../dist/index.web.js";
import { h } from "./dom.js";
import { absolute, claimTime, relative } from "./time.js";

/** The claims in the order in which they are shown, those that are not here behind them. */
const NAMES = {
  vmId: "VM",
  subscriptionId: "Subscription",
  "timeStamp.createdOn": "Created",
  "timeStamp.expiresOn": "Expires",
  nonce: "Nonce",
  sku: "Image SKU",
  licenseType: "Licence type",
  "plan.name": "Plan",
  "plan.product": "Plan: offer",
  "plan.publisher": "Plan: publisher",
};

/** Rows that are shown of a document that nobody vouches for. */
const LIMIT = 60;

/** Headlines of refused documents that were signed by whom they say. */
const SIGNED = ["not_valid_now", "not_expected"];

/** The claims of a report; `judged` is the time it speaks of. */
export function claims(report, judged) {
  const content = report.document?.content ?? report.unverified;
  if (content === undefined) return undefined;
  const order = Object.keys(NAMES);
  const place = ([name]) => (order.includes(name) ? order.indexOf(name) : order.length);
  const all = rows(content).sort((one, other) => place(one) - place(other));
  const empty = all.filter(([, value]) => value === "").map(([name]) => title(name));
  const filled = all.filter(([, value]) => value !== "");
  const table = [
    h(
      "table",
      { class: "claims" },
      h(
        "tbody",
        {},
        filled.map(([name, value]) => row(name, value, judged)),
      ),
    ),
    empty.length > 0 && h("p", { class: "hint open" }, `Left empty: ${empty.join(", ")}.`),
  ];
  const banner = SIGNED.includes(report.headline.name)
    ? "Refused. Signed by whom it says, and not to be relied on."
    : "Not verified. Anybody can have written this.";
  return h(
    "section",
    { "aria-labelledby": "claims-title" },
    h("h2", { id: "claims-title" }, report.document ? "What it says" : "What it claims"),
    report.document ? table : h("div", { class: "unverified" }, h("p", { class: "banner" }, banner), table),
  );
}

function title(name) {
  return NAMES[name] ?? (quoted(name) || "Content");
}

/** Names and values, one for each member, those of inner objects with a dotted name. */
function rows(content) {
  let object;
  try {
    object = JSON.parse(content);
  } catch {
    return [["", content]]; // The check "claims" says what is wrong with it.
  }
  const isObject = (value) => value !== null && typeof value === "object";
  const flat = (members, prefix, depth) =>
    Object.entries(members)
      .slice(0, LIMIT)
      .flatMap(([name, value]) => {
        if (!isObject(value)) return [[prefix + name, value]];
        return depth === 0 ? [[prefix + name, "…"]] : flat(value, `${prefix}${name}.`, depth - 1);
      });
  return isObject(object) ? flat(object, "", 4).slice(0, LIMIT) : [["", content]];
}

function row(name, value, judged) {
  const text = String(value);
  const date = name.startsWith("timeStamp.") ? claimTime(text) : undefined;
  const isLate = name === "timeStamp.expiresOn" && date < judged;
  const verb = name === "timeStamp.expiresOn" ? (isLate ? "expired " : "expires ") : "";
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, title(name)),
    h(
      "td",
      {},
      date ? absolute(date) : h("span", { class: "mono" }, quoted(text)),
      date && h("span", { class: `human${isLate ? " late" : ""}` }, `${verb}${relative(date, judged)}`),
    ),
  );
}
