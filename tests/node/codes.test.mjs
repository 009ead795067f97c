// The list of codes, and what TypeScript knows of codes and reports.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { codes, fetchCodes, findingCodes, notFetchedCodes } from "azure-imds";

const path = (name) => fileURLToPath(new URL(`../../bindings-wasm/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "azure-imds-codes-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(path("dist"), join(folder, "node_modules/azure-imds"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
after(() => rmSync(folder, { recursive: true }));

const of = (kind) => Object.keys(codes).filter((code) => codes[code].kind === kind);

/** Each type of codes, how a consumer comes by one, and the codes that it has at run time. */
const SWITCHES = [
  ["UsageCode", "UsageError", of("usage")],
  ["TransportCode", "TransportError", of("transport")],
  ["ServiceCode", "ServiceError", of("service")],
  ["VerifyCode", "VerifyError", of("verify")],
  ["ErrorCode", "ImdsError", Object.keys(codes)],
  ["FetchCode", "Fetch", Object.keys(fetchCodes)],
  ["FindingCode", "Finding", Object.keys(findingCodes)],
  ["NotFetchedCode", "Report", Object.keys(notFetchedCodes)],
];

/** A program with a function for each type, that switches over all its codes but one. */
function consumer(without) {
  const functions = SWITCHES.map(([name, where, all]) => {
    const given = all.filter((code) => `${name}.${code}` !== without);
    const cases = given.map((code, at) => `    case "${code}": return ${at};`);
    const member = name === "NotFetchedCode" ? "notFetchedCode" : "code";
    if (name === "NotFetchedCode" || name === "FetchCode") cases.push("    case undefined: return -1;");
    const end = `    default: { const never: never = code; return never; }`;
    const typed = `const code: ${name} | ${member === "code" && name !== "FetchCode" ? name : "undefined"} = it.${member};`;
    return `export function in${name}(it: ${where}): number {\n  ${typed}\n  switch (code) {\n${cases.join("\n")}\n${end}\n  }\n}`;
  });
  const types = SWITCHES.flatMap(([name, where]) => [name, where]).filter((name) => name !== "Report");
  return `import { codes, fetchCodes, Report } from "azure-imds";
import type { Code, ReportMembers, ${types.join(", ")} } from "azure-imds";
import type { VerifyCode as Alone } from "azure-imds/verifier";
${functions.join("\n")}
export function byVerdict(report: Report): string {
  if (report.verified) return report.document.vmId;
  return report.error.code;
}
export function byError(report: Report): string {
  return report.error === undefined ? report.document.vmId : report.error.summary;
}
export function byClass(value: unknown): boolean {
  return value instanceof Report && value.verified;
}
export const looked = (error: VerifyError, fetch: Fetch): (Code | undefined | Alone | number)[] => [
  codes[error.code], fetch.code && fetchCodes[fetch.code], error.code, ((it: ReportMembers) => it.checks.length)(error.report!),
];
`;
}

/** What the compiler says of a program. */
function compiled(text) {
  writeFileSync(join(folder, "consumer.ts"), text);
  const options = "--noEmit --strict --target ES2022 --module NodeNext --lib ES2022 --exactOptionalPropertyTypes";
  const done = spawnSync(path("node_modules/.bin/tsc"), [...options.split(" "), "--types", "", "consumer.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  return done.stdout + done.stderr;
}

test("a code says what happened and what to do", () => {
  assert.equal(codes.throttled.retryable, "always");
  assert.match(codes.issuer_missing.remedy, /as issuers:/);
  for (const table of [codes, fetchCodes, findingCodes, notFetchedCodes]) {
    for (const { kind, cause, remedy, retryable } of Object.values(table)) {
      assert.match(`${kind} ${retryable}`, /^[a-z_]+ (always|depends|never)$/);
      assert.match(cause, /^[A-Z`].*\.$/);
      assert.doesNotMatch(remedy, /[{}]/);
    }
  }
});

test("a consumer that switches over every code compiles", () => {
  assert.equal(compiled(consumer()), "");
});

for (const leftOut of [
  "UsageCode.nonce_empty",
  "TransportCode.refused",
  "ServiceCode.throttled",
  "VerifyCode.nonce_mismatch",
  "ErrorCode.issuer_missing",
  "FetchCode.not_the_issuer",
  "FindingCode.proxy_set",
  "NotFetchedCode.overflow",
]) {
  test(`control: without ${leftOut} it does not`, () => {
    const told = compiled(consumer(leftOut));
    assert.equal(told.split("error TS").length, 2, told);
    assert.ok(told.includes(`"${leftOut.split(".")[1]}"`), told);
  });
}

test("control: a report is not used as what it is not, nor made", () => {
  const told = compiled(
    consumer().replace("if (report.verified)", "if (!report.verified)") + "new Report();\nexport {};\n",
  );
  assert.equal(told.split("error TS").length - 1, 3, told);
});
