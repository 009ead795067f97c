// The typed values have the core's tables of fields: in the types the same names and kinds, in the values too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { test } from "node:test";

import * as whole from "azure-imds";
import {
  AccessToken,
  AttestedDocument,
  cloudOf,
  eventAffects,
  explain,
  Instance,
  ServiceError,
  vmIdMatches,
} from "azure-imds";

import { native } from "../../bindings-wasm/dist/native.node.js";
import { SHAPES } from "../../bindings-wasm/dist/records.js";

const js = (file) => readFileSync(new URL(`../../bindings-wasm/dist/${file}`, import.meta.url), "utf8");
const TYPES = ["fields.d.ts", "records.d.ts"].map(js).join("\n");
const TABLES = native.recordTypes();
const ANSWER = readFileSync(new URL("../vectors/instance_2025-04-07.json", import.meta.url), "utf8");
const KINDS = {
  flag: "boolean | undefined",
  number: "number | undefined",
  text: "string | undefined",
  texts: "readonly string[]",
  time: "Date | undefined",
};
/** The classes, whose fields are interfaces of their own. */
const CLASSES = ["AccessToken", "Instance"];
/** What the types have beside the tables. */
const BESIDE = {
  LoadBalancer: ["json", "unreadable"],
  ScheduledEvents: ["json", "unreadable"],
};

/** The members of an interface or a class, with their types. */
function declared(name) {
  const found = new RegExp(`^export (?:interface|class) ${name} [^{]*\\{\\n([^]*?)^\\}`, "m").exec(TYPES);
  assert.ok(found, `${name} is not declared`);
  return [...found[1].matchAll(/^  readonly (\w+): ([^;]+);$/gm)].map(([, member, type]) => [member, type]);
}

test("every record is declared as its table says", () => {
  assert.ok(Object.keys(TABLES).length > 30);
  for (const [name, rows] of Object.entries(TABLES)) {
    const beside = BESIDE[name] ?? [];
    const members = declared(CLASSES.includes(name) ? `${name}Fields` : name).filter(
      ([member]) => !beside.includes(member),
    );
    const wanted = rows.map(({ name: field, kind, inner }) => {
      if (field === "incarnationText") return [field, "string"]; // never absent
      return [field, kind === "list" ? `readonly ${inner}[]` : (inner ?? KINDS[kind])];
    });
    assert.deepEqual(members, wanted, name);
  }
});

test("the types name what the entries export, and the entries what the types name", async () => {
  const names = (text) =>
    [...text.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map((it) => it[1]);
  const typed = ["verifier.d.ts", "recognise.d.ts", "records.d.ts", "client.d.ts", "codes.d.ts"].flatMap((file) =>
    names(js(file)),
  );
  assert.deepEqual(Object.keys(whole).sort(), [...new Set(typed)].sort());
  const emulator = Object.keys(await import("azure-imds/emulator")).sort();
  assert.deepEqual(emulator, names(js("emulator.d.ts")).sort());
});

test("every field of an answer arrives with its type", () => {
  const instance = new Instance(ANSWER, "2025-04-07");
  const found = compared("Compute", instance.compute) + compared("Network", instance.network);
  assert.ok(found > 80, String(found));
  assert.equal(instance.apiVersion, "2025-04-07");
  assert.equal(instance.json, ANSWER);
  assert.deepEqual([instance.unreadable, instance.absent], [[], []]);
});

/** Compares the values of a record with their kinds, and counts those that are there. */
function compared(type, record) {
  assert.deepEqual(
    Object.keys(record),
    TABLES[type].map((row) => row.name),
    type,
  );
  assert.ok(Object.isFrozen(record));
  let count = 0;
  for (const { name, kind, inner } of TABLES[type]) {
    const value = record[name];
    if (kind === "record") count += compared(inner, value);
    else if (kind === "list") count += value.reduce((sum, element) => sum + compared(inner, element), 0);
    else if (kind === "texts") assert.ok(Array.isArray(value));
    else if (value !== undefined) {
      if (kind === "time") assert.ok(value instanceof Date);
      else assert.equal(typeof value, { flag: "boolean", number: "number", text: "string" }[kind], `${type}.${name}`);
      count += 1;
    }
  }
  return count;
}

test("an instance answers for its paths", () => {
  const instance = new Instance('{"compute":{"name":"vm0","tagsList":[{"name":"Env","value":"a"}]}}', "2021-02-01");
  assert.equal(instance.get("compute/name"), "vm0");
  assert.deepEqual(instance.get("compute"), { name: "vm0", tagsList: [{ name: "Env", value: "a" }] });
  assert.equal(instance.text("compute/tagsList/0/value"), "a");
  assert.equal(instance.tags.get("env"), "a");
  assert.ok(instance.tags.has("ENV") && !instance.tags.has("other"));
  assert.deepEqual([...instance.tags], [["Env", "a"]]);
  assert.equal(instance.tags.source, "tagsList");
  assert.match(instance.explain("physicalZone"), /physicalZone/);
  assert.throws(
    () => instance.get("compute/nothing"),
    (error) => error instanceof ServiceError && error.code === "path_not_found",
  );
  assert.throws(() => new Instance("[]"), { code: "answer_unexpected" });
  assert.throws(() => new Instance("{}", "x"), { code: "version_malformed" });
  assert.ok(!inspect(instance).includes("tagsList\\"), "the answer itself is not shown with the rest");
});

test("a key that JavaScript gives a meaning to is a key like any other", () => {
  const instance = new Instance('{"compute":{"__proto__":{"polluted":"yes"},"constructor":"x"}}');
  assert.deepEqual(Object.keys(instance.get("compute")), ["__proto__", "constructor"]);
  assert.equal({}.polluted, undefined);
});

test("a token shows itself without the token", () => {
  const token = SHAPES.token({ secret: "eyJ.secret", text: "an access token", unreadable: [], form: "{}" });
  assert.equal(token.secret, "eyJ.secret");
  for (const shown of [inspect(token), JSON.stringify(token), String(token), `${Object.values(token)}`]) {
    assert.ok(!shown.includes("eyJ"), shown);
  }
  assert.throws(() => new AccessToken(), TypeError);
  assert.throws(() => new AttestedDocument(), TypeError);
});

test("what is known of fields and values", () => {
  assert.equal(explain("vmId")[0].path, "compute/vmId");
  assert.ok(explain("vmId")[0].fixed);
  assert.deepEqual(explain("nothing"), []);
  assert.equal(cloudOf("AzureUSGovernmentCloud"), "usgov");
  assert.equal(cloudOf("moon"), undefined);
  assert.equal(cloudOf(undefined), undefined);
  const id = "01234567-89ab-cdef-0123-456789abcdef";
  assert.ok(vmIdMatches(id, id.toUpperCase()) && !vmIdMatches(id, id.replace("0", "1")));
  assert.ok(eventAffects({ resources: ["Web-1"] }, "web-1") && !eventAffects({ resources: ["web-2"] }, "web-1"));
});
