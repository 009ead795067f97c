// The page: takes what is given, verifies it at once, shows the answer.

import { init, quoted, recognise, UsageError, Verifier, version } from "../dist/index.web.js";
import { chain } from "./chain.js";
import { claims } from "./claims.js";
import { ask, by, h } from "./dom.js";
import { expect, expectations, listenToForm, options } from "./expect.js";
import { guide } from "./guide.js";
import packed from "virtual:module";
import samples from "virtual:samples";
import { fromLink, take } from "./take.js";
import { theme } from "./theme.js";
import { Trust } from "./trust.js";
import { checks, showVerdict, verdictOf } from "./verdict.js";

/** Characters that the text field shows; of more it shows the beginning. */
const SHOWN = 65_536;
/** Bytes of a file that are read. A document has three thousand. */
const READ = 32 * 1024 * 1024;

/** What is to be verified: text or bytes, and the sample it is, if it is one. */
let given = { content: "", sample: undefined };
const isNarrow = matchMedia("(max-width: 60rem)");
let trust;
let turn = 0;
/** Done when the files are that were given so far. */
let taking = Promise.resolve();

start().catch((error) => {
  showVerdict("bad", "failed", "This page can’t compute here", String(error?.message ?? error), []);
});

async function start() {
  theme();
  await init(await unpacked(packed));
  by("version").textContent = version();
  trust = new Trust(verify);
  showSamples();
  guide(verify);
  showNothing();
  listen();
  by("settings").open = !isNarrow.matches;
  const carried = fromLink(location.hash);
  if (carried) give(carried);
  document.documentElement.dataset.ready = "";
}

/** The module, which is in this file compressed. */
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** Takes something to verify, and shows it in the text field as far as it is text. */
function give(content, sample) {
  given = { content, sample };
  by("document").value = preview(content);
  for (const button of by("samples").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === sample?.name));
  }
  verify().then(() => {
    // On a narrow screen the answer stands below all that was given.
    if (isNarrow.matches && content.length > 0) by("verdict").scrollIntoView();
  });
}

function preview(content) {
  if (typeof content === "string") return content.length > SHOWN ? `${content.slice(0, 2000)}…` : content;
  const beginning = content.subarray(0, SHOWN);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(beginning);
    if (!/[\0-\x08\x0e-\x1f]/.test(text)) return content.length > SHOWN ? `${text.slice(0, 2000)}…` : text;
  } catch {
    // Not text: shown in base64.
  }
  const shown = beginning.subarray(0, 16_384);
  return (
    btoa(Array.from(shown, (byte) => String.fromCharCode(byte)).join("")) + (shown.length < content.length ? "…" : "")
  );
}

async function verify() {
  turn += 1;
  const mine = turn;
  const { content, sample } = given;
  const recognised = recognise(content);
  by("guide").hidden = recognised.material !== "nothing";
  by("recognised").textContent = recognisedText(recognised, content);
  by("recognised").classList.toggle("error", recognised.material !== "document" && recognised.material !== "nothing");
  if (recognised.material === "nothing") return showNothing();
  const asked = expectations();
  let report;
  try {
    const verifier = new Verifier(sample ? { anchors: sample.anchors, issuers: sample.issuers } : trust.options());
    report = await verifier.explain(recognised.document, options(asked));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    by("report").replaceChildren();
    return showVerdict("none", "none", "Nothing was checked", error.message, []);
  }
  if (mine !== turn) return undefined;
  const judged = report.document?.judgedAt ?? (asked.time === "given" ? new Date(asked.given) : new Date());
  verdictOf(report, recognised, sample, judged);
  const isDocument = recognised.material === "document";
  const parts = isDocument
    ? [
        claims(report, judged),
        checks(report),
        chain(report, judged, Boolean(sample)),
        take(report, asked, recognised.document, sample ? Boolean(sample.anchors) : trust.isAddedTo()),
      ]
    : [];
  by("report").replaceChildren(...parts.filter(Boolean));
  return undefined;
}

function showNothing() {
  by("report").replaceChildren();
  const meaning = "Its signature, its certificates, its times and its claims are checked as soon as it is here.";
  showVerdict("none", "none", "Waiting for a document", meaning, []);
}

function recognisedText(recognised, content) {
  if (recognised.material === "nothing") return "";
  const size = typeof content === "string" ? content.length : content.byteLength;
  const long = size > SHOWN ? ` Only the beginning of ${(size / 1e6).toFixed(1)} MB is shown.` : "";
  const wrapping = recognised.wrapping ? `, ${recognised.wrapping}` : "";
  return `Recognised: ${recognised.description}${wrapping}.${long}`;
}

function showSamples() {
  const buttons = samples.map((sample) => {
    const button = h("button", { type: "button", value: sample.name, "aria-pressed": "false" }, sample.label);
    button.addEventListener("click", () => {
      expect(sample);
      give(sample.document, sample);
    });
    return h("li", {}, button);
  });
  by("samples").replaceChildren(...buttons);
}

/** Something else than a sample: the sample's expectations go with it. */
function giveOwn(content) {
  if (given.sample) expect();
  give(content);
}

function listen() {
  const text = by("document");
  let waiting;
  text.addEventListener("input", () => {
    if (given.sample) expect();
    given = { content: text.value, sample: undefined };
    for (const button of by("samples").querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
    clearTimeout(waiting);
    waiting = setTimeout(verify, 120);
  });
  document.addEventListener("paste", (event) => {
    const { target, clipboardData } = event;
    if (clipboardData.files.length > 0) {
      event.preventDefault();
      takeFiles(clipboardData.files);
      return;
    }
    const isField = target instanceof HTMLElement && target.matches("input, textarea") && target !== text;
    const pasted = clipboardData.getData("text/plain");
    if (isField || !pasted) return;
    // Into an empty field, or all of it, or too long for a field: it is taken as a whole.
    const isWhole = target !== text || text.selectionEnd - text.selectionStart === text.value.length;
    if (!isWhole && pasted.length <= SHOWN) return;
    event.preventDefault();
    giveOwn(pasted);
  });
  listenToForm(verify);
  by("open").addEventListener("click", () => by("file").click());
  by("file").addEventListener("change", () => {
    takeFiles(by("file").files);
    by("file").value = "";
  });
  by("clear").addEventListener("click", () => {
    history.replaceState(null, "", location.pathname + location.search);
    giveOwn("");
    text.focus();
  });
  window.addEventListener("hashchange", () => {
    const carried = fromLink(location.hash);
    if (carried) giveOwn(carried);
  });
  listenForDrops();
}

function listenForDrops() {
  const cover = by("dropping");
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    cover.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) cover.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    cover.hidden = true;
    const dropped = event.dataTransfer.getData("text/plain");
    const files = [...event.dataTransfer.files];
    takeFiles(files);
    if (files.length === 0 && dropped) giveOwn(dropped);
  });
}

/** Files, one after the other: each may ask a question. */
function takeFiles(files) {
  for (const file of [...files]) taking = taking.then(() => takeFile(file)).catch(reportError);
}

/** A file: certificates are trusted on request, anything else is to be verified. */
async function takeFile(file) {
  let bytes;
  try {
    bytes = new Uint8Array(await file.slice(0, READ).arrayBuffer());
  } catch (error) {
    giveOwn("");
    showVerdict("none", "none", "Nothing was checked", `${quoted(file.name)} can’t be read: ${error.message}`, []);
    return;
  }
  const recognised = recognise(bytes);
  if (recognised.material !== "certificates") {
    giveOwn(bytes);
    return;
  }
  const text = `${quoted(file.name)} holds certificates, not a document. Issuers only help to find a path; anchors are trusted.`;
  const role = await ask("Certificates", text, [
    ["Add as issuers", "issuers"],
    ["Add as anchors", "anchors"],
  ]);
  if (!role) return;
  const { text: became, isError } = trust.add(role, recognised.document);
  by("certificates-hint").textContent = became;
  by("certificates-hint").classList.toggle("error", isError);
}
