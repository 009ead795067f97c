// What can be taken along: the report, a link, the same check in code.

import { ask, copy, copyButton, h, save } from "./dom.js";
import { snippets } from "./snippets.js";

/** Which language was chosen last: a new report shows the same again. */
let chosen = 0;

/** The last section of a report. `hasOwnTrust`: certificates are trusted that code does not trust by default. */
export function take(report, asked, documentBytes, hasOwnTrust) {
  const linkHint = h("p", { class: "hint", role: "status" });
  const link = async () => {
    const text =
      "The link holds the whole document: whoever gets it can read VM and subscription, and can hand the document in " +
      "while it is valid and its nonce is not checked. The part after # is not sent to any server, but it stays in this " +
      "browser’s history and wherever you paste it.";
    if ((await ask("Make a link that carries the document?", text, [["Make the link", "make"]])) !== "make") return;
    history.replaceState(null, "", `#doc=${base64Url(documentBytes)}`);
    linkHint.textContent = (await copy(location.href))
      ? "The link is copied, and in the address bar."
      : "The link is in the address bar.";
  };
  return h(
    "section",
    { class: "take", "aria-labelledby": "take-title" },
    h("h2", { id: "take-title" }, "Take it along"),
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { type: "button", class: "plain", click: () => save("report.json", "application/json", json(report)) },
        "Save report (JSON)",
      ),
      copyButton("Copy report as text", () => String(report)),
      h("button", { type: "button", class: "quiet", click: () => print() }, "Print"),
      h("button", { type: "button", class: "quiet", click: link, disabled: documentBytes.length > 16_384 }, "Link…"),
    ),
    linkHint,
    tabs(snippets(asked), hasOwnTrust),
  );
}

/** The document that a link carries, if it does. */
export function fromLink(hash) {
  const carried = /^#doc=([A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  if (!carried) return undefined;
  try {
    return Uint8Array.from(atob(carried.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));
  } catch {
    return undefined; // Cut off when it was copied. The page waits for a document, as it does without a link.
  }
}

function base64Url(bytes) {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What the page shows of a refused document is saved with the rest. */
function json(report) {
  return `${JSON.stringify(report.toJSON({ unverified: true }), null, 2)}\n`;
}

/** Tabs in the pattern of WAI-ARIA: arrow keys move, one is in the tab order. */
function tabs(texts, hasOwnTrust) {
  const names = Object.keys(texts);
  const code = h("pre", { tabindex: "0" });
  const panel = h("div", { role: "tabpanel", id: "snippet", "aria-labelledby": `tab-${chosen}` }, code);
  const select = (index) => {
    chosen = index;
    buttons.forEach((button, at) => {
      button.setAttribute("aria-selected", String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${index}`);
    code.textContent = texts[names[index]];
  };
  const buttons = names.map((name, index) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${index}`,
        "aria-controls": "snippet",
        click: () => select(index),
        keydown: (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!step) return;
          const next = (index + step + names.length) % names.length;
          select(next);
          buttons[next].focus();
        },
      },
      name,
    ),
  );
  select(chosen);
  return h(
    "div",
    {},
    h("h3", { class: "note", id: "snippet-title" }, "The same check in code, where it belongs"),
    h(
      "div",
      { class: "row tabs" },
      h("div", { role: "tablist", "aria-labelledby": "snippet-title" }, buttons),
      copyButton("Copy code", () => code.textContent),
    ),
    panel,
    hasOwnTrust &&
      h("p", { class: "hint" }, "Certificates that are trusted here beside the default ones are not in it."),
  );
}
