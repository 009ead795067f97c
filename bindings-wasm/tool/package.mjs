// Puts the package together: node tool/package.mjs, after the WebAssembly modules are in dist/wasm/.

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const here = new URL("..", import.meta.url);
const dist = new URL("dist/", here);
const read = (path) => readFileSync(new URL(path, here), "utf8");

for (const file of readdirSync(new URL("js/", here))) cpSync(new URL(`js/${file}`, here), new URL(file, dist));
for (const file of ["../LICENSE-MIT", "../LICENSE-APACHE", "README.md"]) {
  cpSync(new URL(file, here), new URL(file.replace("../", ""), dist));
}

// The issuers that were fetched for this build, if they were.
const issuers = new URL("../bindings-py/python/azure_imds/issuers.pem", here);
const bundled = existsSync(issuers) ? JSON.stringify(readFileSync(issuers, "utf8")) : "undefined";
const header = "// PEM of the issuers that this package was built with; undefined without any.";
writeFileSync(new URL("bundled.js", dist), `${header}\nexport const BUNDLED_ISSUERS = ${bundled};\n`);

const { private: _, devDependencies: __, ...manifest } = JSON.parse(read("package.json"));
const version = /^version = "(.+)"$/m.exec(read("../Cargo.toml"))[1];
const files = ["/*.js", "/*.d.ts", "wasm/*.js", "wasm/*.wasm", "LICENSE-*"];
writeFileSync(new URL("package.json", dist), `${JSON.stringify({ ...manifest, version, files }, null, 2)}\n`);
