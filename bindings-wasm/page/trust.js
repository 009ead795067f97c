// The certificates that a person adds: kept for this visit, or in this browser on request.

import {
  bundledIssuers,
  defaultAnchors,
  describeCertificates,
  readCertificates,
  UsageError,
} from "../dist/index.web.js";
import { by, h } from "./dom.js";

const KEY = "azure-imds: certificates";

/** What is trusted beside the default anchors, as base64 of DER. `changed` is called whenever it changes. */
export class Trust {
  #added = { anchors: [], issuers: [] };
  #changed;

  constructor(changed) {
    this.#changed = changed;
    this.#load();
    by("add-issuers").addEventListener("click", () => this.#addTyped("issuers"));
    by("add-anchors").addEventListener("click", () => this.#addTyped("anchors"));
    by("remember").addEventListener("change", () => this.#store());
    this.#show();
  }

  /** The options of a verifier. */
  options() {
    const der = (list) => list.map(fromBase64);
    const anchors = this.#added.anchors.length ? [...defaultAnchors(), ...der(this.#added.anchors)] : undefined;
    return { anchors, issuers: der(this.#added.issuers) };
  }

  /** Whether a person added anything. */
  isAddedTo() {
    return this.#added.anchors.length + this.#added.issuers.length > 0;
  }

  /** Adds the certificates of a bundle. Says what became of it. */
  add(role, bundle) {
    try {
      const certificates = readCertificates(bundle).map(toBase64);
      const fresh = certificates.filter((it) => !this.#added[role].includes(it));
      this.#added[role].push(...fresh);
      this.#store();
      this.#show();
      this.#changed();
      return { text: `${fresh.length} added as ${role}.`, isError: false };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { text: error.message, isError: true };
    }
  }

  #addTyped(role) {
    const { text, isError } = this.add(role, by("certificates").value);
    by("certificates-hint").textContent = text;
    by("certificates-hint").classList.toggle("error", isError);
    if (!isError) by("certificates").value = "";
  }

  #remove(role, certificate) {
    this.#added[role] = this.#added[role].filter((it) => it !== certificate);
    this.#store();
    this.#show();
    this.#changed();
  }

  #show() {
    const bundled = bundledIssuers().length;
    by("trust-summary").textContent =
      `${defaultAnchors().length} public roots of DigiCert and Microsoft` +
      (bundled
        ? `; ${bundled} issuers at hand.`
        : ". Issuing certificates are not part of this page: it names the missing one.");
    const rows = ["anchors", "issuers"].flatMap((role) =>
      this.#added[role].map((certificate) => {
        const name = describeCertificates(fromBase64(certificate))[0].subject;
        const remove = h("button", { type: "button", class: "quiet", "aria-label": `Remove ${name}` }, "Remove");
        remove.addEventListener("click", () => this.#remove(role, certificate));
        return h("li", {}, h("span", {}, `${name} (${role === "anchors" ? "anchor" : "issuer"})`), remove);
      }),
    );
    by("trust-list").replaceChildren(...rows);
  }

  #load() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (stored === null) return;
      for (const role of ["anchors", "issuers"]) {
        this.#added[role] = stored[role].filter((it) => readCertificates(fromBase64(it)).length === 1);
      }
      by("remember").checked = true;
    } catch {
      this.#added = { anchors: [], issuers: [] }; // Nothing can be stored here, or something else was: start with nothing.
    }
  }

  #store() {
    try {
      if (by("remember").checked) localStorage.setItem(KEY, JSON.stringify(this.#added));
      else localStorage.removeItem(KEY);
    } catch {
      by("remember").checked = false;
      by("certificates-hint").textContent = "This browser keeps nothing for this page.";
    }
  }
}

function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
}
