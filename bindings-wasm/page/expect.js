// The form of what is expected: read for a check and for code, set for a sample.

import { AT_SIGNING_TIME, NONCE_NOT_CHECKED } from "../dist/index.web.js";
import { by } from "./dom.js";

/** Fields that are compared as they stand, under the names of a verifier's options. */
const TEXTS = ["nonce", "vmId", "subscriptionId", "sku"];
/** The parts of a plan, all of which are compared if one of them is given. */
const PLAN = { name: "planName", product: "planProduct", publisher: "planPublisher" };

/** What the form says. A field that is empty asks for nothing. */
export function expectations() {
  const written = value("given");
  const isComplete = written && !Number.isNaN(new Date(`${written}Z`).getTime());
  const plan = Object.entries(PLAN).map(([part, id]) => [part, value(id)]);
  return {
    ...Object.fromEntries(TEXTS.map((id) => [id, value(id)])),
    maxAge: value("maxAge") && String(Number(value("maxAge"))),
    plan: plan.some(([, text]) => text) ? Object.fromEntries(plan) : undefined,
    clouds: value("cloud").split(" "),
    time: value("time") === "given" && !isComplete ? "now" : value("time"),
    given: isComplete ? `${new Date(`${written}Z`).toISOString().slice(0, 19)}Z` : "",
  };
}

/** The same as the options of a verifier, which says what makes no sense. */
export function options({ nonce, vmId, subscriptionId, sku, plan, maxAge, clouds, time, given }) {
  return {
    nonce: nonce || NONCE_NOT_CHECKED,
    vmId: vmId || undefined,
    subscriptionId: subscriptionId || undefined,
    sku: sku || undefined,
    plan,
    maxAge: maxAge ? Number(maxAge) : undefined,
    clouds,
    now: { now: undefined, signing: AT_SIGNING_TIME, given: new Date(given) }[time],
  };
}

/** Sets the form. What is not given is emptied. */
export function expect({ nonce = "", now } = {}) {
  for (const id of [...TEXTS, "maxAge", ...Object.values(PLAN)]) by(id).value = "";
  by("nonce").value = nonce;
  by("cloud").value = "public";
  by("time").value = now ? "given" : "now";
  by("given").value = now ? now.slice(0, 19) : "";
  showTime();
}

/** Calls back whenever the form says something else. */
export function listenToForm(changed) {
  by("expectations").addEventListener("input", () => {
    showTime();
    changed();
  });
  by("expectations").addEventListener("submit", (event) => event.preventDefault());
}

function showTime() {
  by("given-field").hidden = by("time").value !== "given";
}

function value(id) {
  return by(id).value.trim();
}
