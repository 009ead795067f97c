// Text from outside is shown as the shared table says.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { quoted, UsageError, Verifier } from "azure-imds";
import { native } from "../../bindings-wasm/dist/native.node.js";

const TABLE = JSON.parse(readFileSync(new URL("../vectors/escaped.json", import.meta.url), "utf8"));

test("characters are shown as the table says", () => {
  assert.deepEqual([TABLE.version, TABLE.characters.length], [1, 42]);
  for (const { character, is, shown } of TABLE.characters) {
    assert.equal(native.printable(character), shown, is);
    assert.equal(quoted(character), ['"', "\\"].includes(character) ? `\\${shown}` : shown, is);
  }
  let every = "";
  for (let code = 0; code < 0x110000; code += 1) {
    if (code < 0xd800 || code > 0xdfff) every += String.fromCodePoint(code);
  }
  assert.equal(createHash("sha256").update(native.printable(every)).digest("hex"), TABLE.all);
});

test("an argument that makes no sense is shown as the core shows it", () => {
  const hostile = `a\u001b[31m\u202e"${"b".repeat(200)}`;
  assert.throws(
    () => new Verifier({ [hostile]: 1 }),
    (error) => error instanceof UsageError && error.message.startsWith(`the option is "${quoted(hostile)}"; `),
  );
});
