// For everybody: keyboard alone, screen readers, contrast, narrow screens; and how it looks.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { counts, launch, open, reads, serve, settles, shows, until } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = new URL("../../bindings-wasm/dist/shots/", import.meta.url);
const PICTURE = new URL("../../bindings-wasm/docs/page.png", import.meta.url);

let browser;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

/** What axe finds that is serious or critical. */
async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter((it) => ["serious", "critical"].includes(it.impact))
    .map((it) => `${it.id}: ${it.nodes.map((node) => node.target).join(", ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe has no serious finding, and it looks as it should: ${colorScheme}`, async () => {
    const { page, context } = await open(browser, undefined, { colorScheme });
    await page.click("text=Image and Marketplace plan");
    assert.deepEqual(await findings(page), []);
    await page.screenshot({ path: new URL(`waiting-${colorScheme}.png`, SHOTS).pathname });
    for (const [name, title] of [
      ["good", "Verified against a root you added"],
      ["tampered", "The signature is wrong"],
      ["missing-issuer", "Signature right, issuer missing"],
    ]) {
      await page.click(`button[value=${name}]`);
      await shows(page, title);
      await settles(page);
      assert.deepEqual(await findings(page), [], name);
      await page.screenshot({ path: new URL(`${name}-${colorScheme}.png`, SHOTS).pathname, fullPage: true });
    }
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red] = background.match(/\d+/g).map(Number);
    assert.ok(colorScheme === "dark" ? red < 60 : red > 200, background);
    await context.close();
  });
}

test("control: axe finds what is wrong on purpose", async () => {
  const { page, context } = await open(browser);
  await page.evaluate(() => {
    document.getElementById("nonce").labels[0].remove();
    document.querySelector(".lead").className = "faint-on-purpose";
    document.querySelector(".faint-on-purpose").style.color = "#ddd";
  });
  const found = (await findings(page)).join("\n");
  assert.match(found, /label/);
  assert.match(found, /color-contrast/);
  await context.close();
});

test("everything can be reached and done by the keyboard alone", async () => {
  const { page, context } = await open(browser);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the verdict");
  await page.keyboard.press("Enter");
  await until(focused, (it) => it === "verdict", "the focus on the verdict");
  const visited = [];
  await page.evaluate(() => document.getElementById("document").focus());
  for (let steps = 0; steps < 12 && (await focused()) !== "Good"; steps += 1) {
    await page.keyboard.press("Tab");
    visited.push(await focused());
  }
  assert.deepEqual(visited, ["open", "clear", "Good"]);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "what has the focus shows it");
  await page.keyboard.press("Enter");
  await shows(page, "Verified against a root you added");
  const order = [];
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused());
    if (order.at(-1) === "Copy code") break;
  }
  for (const stop of [
    "nonce",
    "vmId",
    "cloud",
    "time",
    "given",
    "remember",
    "Save report (JSON)",
    "tab-0",
    "Copy code",
  ]) {
    assert.ok(order.includes(stop), `${stop} is not among ${order.join(", ")}`);
  }
  assert.ok(order.indexOf("nonce") < order.indexOf("Save report (JSON)"));
  await page.focus("#tab-0");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "tab-1");
  await reads(page, "#snippet", /import azure_imds/);
  await page.focus(".certificate summary >> nth=0");
  await page.keyboard.press("Enter");
  await counts(page, ".certificate[open]", 2);
  await context.close();
});

test("the verdict is told to screen readers", async () => {
  const { page, context } = await open(browser);
  const live = page.locator("#live");
  assert.equal(await live.getAttribute("aria-live"), "polite");
  assert.equal(await live.getAttribute("aria-atomic"), "true");
  await page.click("button[value=tampered]");
  await shows(page, "The signature is wrong");
  await reads(page, "#live", /The signature is wrong\s+What it says is not what its signer signed/);
  await until(
    () => page.title(),
    (it) => it.startsWith("The signature is wrong"),
    "the title",
  );
  await context.close();
});

test("narrow screens and zoom need no scrolling sideways", async () => {
  for (const width of [320, 390, 640, 900]) {
    const { page, context } = await open(browser, undefined, { viewport: { width, height: 800 } });
    await page.click("button[value=wrong-signer]");
    await shows(page, "Signature right, root not trusted");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${overflow} pixels at ${width}`);
    const top = () => page.evaluate(() => document.getElementById("verdict").getBoundingClientRect().top);
    await until(top, (it) => it >= 0 && it < 400, `at ${width} the verdict, where a person looks`);
    await context.close();
  }
});

test("motion is left out where that is asked for", async () => {
  const durations = (page) =>
    page.evaluate(() => getComputedStyle(document.getElementById("verdict")).transitionDuration);
  const moving = await open(browser);
  assert.notEqual(await durations(moving.page), "0s");
  await moving.context.close();
  const still = await open(browser, undefined, { reducedMotion: "reduce" });
  assert.equal(await durations(still.page), "0s");
  await still.context.close();
});

test("the colours can be chosen, and the choice is remembered", async () => {
  const { url, close } = await serve();
  const { page, context } = await open(browser, url, { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.click("#theme");
  await reads(page, "#theme", "Light");
  await page.click("#theme");
  await reads(page, "#theme", "Dark");
  const dark = await until(background, (it) => it !== light, "another background");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await reads(page, "#theme", "Dark");
  await until(background, (it) => it === dark, "the background that was chosen");
  await page.click("#theme");
  await reads(page, "#theme", "Auto");
  assert.equal(await page.evaluate(() => localStorage.length), 0, "the system's colours are remembered by nothing");
  await page.evaluate(() => localStorage.setItem("azure-imds: colours", "toString"));
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await reads(page, "#theme", "Auto");
  await context.close();
  close();
});

test("the colours can be chosen where the browser keeps nothing", async () => {
  const { page, context, errors } = await open(browser, undefined, {
    prepare: () => {
      const refuse = () => {
        throw new DOMException("refused", "SecurityError");
      };
      Object.defineProperty(window, "localStorage", { get: refuse });
    },
  });
  await page.click("#theme");
  await page.click("#theme");
  await reads(page, "#theme", "Dark");
  await counts(page, "html[data-theme=dark]", 1);
  await page.check("#remember", { force: true }).catch(() => {});
  await reads(page, "#certificates-hint", "This browser keeps nothing for this page.");
  assert.deepEqual(errors, []);
  await context.close();
});

test("it prints without its form", async () => {
  const { page, context } = await open(browser);
  await page.click("button[value=good]");
  await shows(page, "Verified against a root you added");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#document").isVisible(), false);
  assert.equal(await page.locator("#verdict").isVisible(), true);
  await context.close();
});

test("the picture for the readme", async () => {
  const { page, context } = await open(browser, undefined, {
    viewport: { width: 1280, height: 860 },
    deviceScaleFactor: 1.5,
  });
  await page.click("button[value=good]");
  await shows(page, "Verified against a root you added");
  await settles(page);
  const path = new URL("page.png", SHOTS).pathname;
  const picture = await page.screenshot({ path });
  assert.ok(picture.length > 50_000);
  if (process.env.KEEP_PICTURE) {
    mkdirSync(new URL(".", PICTURE), { recursive: true });
    copyFileSync(path, PICTURE);
  }
  await context.close();
});
