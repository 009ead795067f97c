// Makes the page, one file that needs nothing beside it: node page/build.mjs, after the package is in dist/.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { samples } from "./samples.mjs";

const here = new URL(".", import.meta.url);
const read = (path) => readFileSync(new URL(path, here), "utf8");
const module = gzipSync(readFileSync(new URL("../dist/wasm/web_bg.wasm", here)), { level: 9 });

const virtual = {
  name: "virtual",
  setup(plugin) {
    plugin.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "virtual" }));
    plugin.onLoad({ filter: /module$/, namespace: "virtual" }, () => ({ contents: module, loader: "binary" }));
    plugin.onLoad({ filter: /samples$/, namespace: "virtual" }, () => ({
      contents: JSON.stringify(samples()),
      loader: "json",
    }));
  },
};
const bundle = (entry, more) =>
  build({ entryPoints: [new URL(entry, here).pathname], bundle: true, write: false, minify: true, ...more });

const script = await bundle("main.js", {
  format: "iife",
  target: "es2022",
  charset: "utf8",
  plugins: [virtual],
  // The glue would look for the module beside itself; this page hands it over.
  define: { "import.meta.url": '"about:blank"' },
});
const style = await bundle("style.css", { loader: { ".css": "css" } });

// Nothing in the script may end the element that it stands in.
const scriptText = script.outputFiles[0].text.trim().replaceAll("</script", "<\\/script");
const styleText = style.outputFiles[0].text.trim();
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  "connect-src 'none'",
  `script-src ${hash(scriptText)} 'wasm-unsafe-eval'`,
  `style-src ${hash(styleText)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const page = read("index.html")
  .replace("%CSP%", () => policy)
  .replace("%STYLE%", () => styleText)
  .replace("%SCRIPT%", () => scriptText);
const dist = new URL("../dist/page/", here);
mkdirSync(dist, { recursive: true });
writeFileSync(new URL("index.html", dist), page);
