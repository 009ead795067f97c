// While the page waits: how a document is asked for, with a nonce of this page's own.

import { by, copyButton, h } from "./dom.js";

/** Random bytes of a nonce: twice as many letters and digits, which is the most that the service takes. */
const BYTES = 16;

/** Shows how to ask. `expected` is called when a nonce was handed out that is to be expected. */
export function guide(expected) {
  const nonce = freshNonce();
  const command =
    'curl -s --noproxy "*" -H Metadata:true "http://169.254.169.254/metadata/attested/document' +
    `?api-version=2021-02-01&nonce=${nonce}"`;
  const copied = () => {
    by("nonce").value = nonce;
    expected();
    return command;
  };
  by("guide").replaceChildren(
    h("h2", { id: "guide-title" }, "Where a document comes from"),
    h(
      "ol",
      {},
      h("li", {}, "Copy this command. Its nonce is new; this page then expects it."),
      h("li", {}, "Run it on the VM, in any shell. On Windows write ", h("code", {}, "curl.exe"), "."),
      h("li", {}, "Paste here what it answers."),
    ),
    h("pre", { tabindex: "0" }, command),
    copyButton("Copy, and expect this nonce", copied, undefined, "plain"),
  );
}

function freshNonce() {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
