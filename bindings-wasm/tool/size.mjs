// Prints what takes how much of a WebAssembly module that still has its names: node tool/size.mjs MODULE [--functions]

import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const SECTIONS = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
];

const STANDARD = new Set(["core", "alloc", "std", "dlmalloc"]);
const CRATES =
  /^(core|alloc|std|dlmalloc|azure_imds|azure_imds_bindings_wasm|crypto_bigint|der|der_derive|x509_cert|spki|const_oid|webpki|untrusted|data_encoding|base16ct|base64ct|pem_rfc7468|sha2|digest|block_buffer|hybrid_array|p256|p384|primeorder|primefield|elliptic_curve|ecdsa|sec1|ff|group|wnaf|signature|rfc6979|hmac|serde|serde_core|serde_json|zmij|itoa|memchr|rustls_pki_types|subtle|cmov|ctutils|thiserror|js_sys|wasm_bindgen|once_cell|flagset)$/;

const [file, mode] = process.argv.slice(2);
const module = readFileSync(file);
const rows = new Map();
const note = (name, bytes) => rows.set(name, (rows.get(name) ?? 0) + bytes);

for (const { name, start, end } of sections(module)) {
  if (name === "code") {
    for (const [index, bytes] of functions(start)) note(owner(names(module).get(index) ?? "?"), bytes);
  } else if (name === "data") {
    note("(constants: certificates, tables, texts)", end - start);
  } else if (name !== "custom") {
    note("(module structure)", end - start);
  }
}

const total = [...rows.values()].reduce((sum, bytes) => sum + bytes, 0);
for (const [name, bytes] of [...rows]
  .sort((one, other) => other[1] - one[1])
  .slice(0, Number(process.env.ROWS ?? 40))) {
  console.log(`${String(bytes).padStart(8)}  ${((100 * bytes) / total).toFixed(1).padStart(5)} %  ${name}`);
}
console.log(`${String(total).padStart(8)}  without names; brotli ${compressed(module)} with them`);

/** The crate that a function belongs to, or the function itself. */
function owner(name) {
  if (mode === "--functions") return name.slice(0, 150);
  const crates = [...name.matchAll(/([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/g)]
    .map((it) => it[1])
    .filter((it) => CRATES.test(it));
  const own = crates.find((it) => !STANDARD.has(it));
  return own ?? crates[0] ?? "(exports and others)";
}

function* sections(bytes) {
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    const [size, start] = number(bytes, at + 1);
    yield { name: SECTIONS[id], start, end: start + size };
    at = start + size;
  }
}

function* functions(start) {
  const imported = importCount(module);
  let [count, at] = number(module, start);
  for (let index = 0; index < count; index += 1) {
    const [size, body] = number(module, at);
    yield [imported + index, body + size - at];
    at = body + size;
  }
}

function importCount(bytes) {
  return WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter((it) => it.kind === "function").length;
}

function names(bytes) {
  if (names.known) return names.known;
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "name");
  const known = new Map();
  const view = section ? new Uint8Array(section) : new Uint8Array();
  for (let at = 0; at < view.length;) {
    const [size, start] = number(view, at + 1);
    if (view[at] === 1) {
      let [count, position] = number(view, start);
      for (; count > 0; count -= 1) {
        const [index, lengthAt] = number(view, position);
        const [length, text] = number(view, lengthAt);
        known.set(index, new TextDecoder().decode(view.subarray(text, text + length)));
        position = text + length;
      }
    }
    at = start + size;
  }
  names.known = known;
  return known;
}

/** An unsigned number in LEB128, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

function compressed(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
