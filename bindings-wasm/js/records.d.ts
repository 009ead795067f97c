/**
 * The typed values of the answers, with the service's own names.
 *
 * A field is `undefined` when the answer lacks it, when it is empty there, and when it can't be read as what it should
 * be. An object that is missing is a record of which everything is absent, so `instance.compute.osProfile.computerName`
 * needs no test on the way. Numbers past 2 to the 53rd are rounded, as everywhere in JavaScript. The answer itself
 * stays as it came, in `json`. Nothing of them can be changed.
 */

import type { FindingCode } from "./codes.js";
import type { AccessTokenFields, InstanceFields } from "./fields.js";
import type { CloudName, ImdsError } from "./verifier.js";

export * from "./fields.js";

/** A field whose value can't be read as what it should be. It is absent where it should stand. */
export interface Unreadable {
  /** Where it stands in the answer. */
  readonly path: string;
  /** What stands there, bounded and escaped: a value as text, an object or array by its kind. */
  readonly text: string;
}

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A result in its JSON form, as `docs/schema/` has it: names in snake case, times as RFC 3339, null for nothing. */
export interface ResultJson {
  readonly schema_version: 1;
  readonly [name: string]: Json;
}

/** The answer of `/metadata/instance`. */
export interface Instance extends InstanceFields {}
export class Instance {
  /**
   * Reads an answer, such as a recorded one. A `Client` gives them read.
   *
   * @param apiVersion The version it was asked with, if that is known.
   * @throws {ServiceError} `answer_malformed`, `answer_too_deep`, `answer_unexpected`.
   * @throws {UsageError} `version_malformed`.
   */
  constructor(json: string, apiVersion?: string);
  /** The tags, from whichever form the answer has. */
  readonly tags: Tags;
  /** The answer as it came, byte for byte. */
  readonly json: string;
  /** The version it was asked with, if that is known. */
  readonly apiVersion: string | undefined;
  /**
   * Whole sections that a partial answer lacks, as paths. The service gives such while one of its sources is not ready.
   */
  readonly absent: readonly string[];
  /** Fields that hold something that can't be read as what it should be. */
  readonly unreadable: readonly Unreadable[];
  /**
   * What the path leads to, as plain values: `compute/vmId`, `network/interface/0/macAddress`.
   *
   * @throws {ServiceError} `path_not_found`, which says so when the field is newer than the answer.
   * @throws {UsageError} `path_malformed`.
   */
  get(path: string): Json;
  /** What the service answers for the path with `format=text`. Throws what `get` throws. */
  text(path: string): string;
  /** Why this answer lacks a field; nothing for a name that is not known, and for a field that is there. */
  explain(name: string): string | undefined;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/**
 * The tags of a VM, in the order of the answer. A name is looked up without case, as Azure does.
 *
 * `tagsList` (since 2019-06-04) says them without loss. The older `tags` is one text, `name:value` joined by `;`
 * without any escaping, so that a `;` anywhere, and a `:` in a name, are read wrongly.
 */
export class Tags implements Iterable<readonly [string, string]> {
  private constructor();
  /** Names and values as they came, those of one name included. */
  readonly pairs: readonly (readonly [string, string])[];
  /** What the tags were read from; `absent` if the answer has neither form. */
  readonly source: "tagsList" | "tags" | "absent";
  /** The value of a tag. Of tags of one name the last counts. */
  get(name: string): string | undefined;
  /** Whether there is a tag of that name. */
  has(name: string): boolean;
  [Symbol.iterator](): Iterator<readonly [string, string]>;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** An access token. What it shows of itself, to `console.log` and `JSON.stringify` too, is without the token. */
export interface AccessToken extends AccessTokenFields {}
export class AccessToken {
  private constructor();
  /** The token itself. */
  get secret(): string;
  /** Fields that hold something that can't be read as what it should be. */
  readonly unreadable: readonly Unreadable[];
  /** One sentence for people, without the token. */
  toString(): string;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/**
 * A signed document of this VM, as the service gave it. Not verified: that is for the party it is sent to.
 *
 * A `Verifier` takes it as it is; `text` is what to send elsewhere.
 */
export class AttestedDocument {
  private constructor();
  #made;
  /** The service's whole answer, `{"encoding":"pkcs7","signature":".."}`: what to send to the verifying party. */
  readonly text: string;
  /** The signature alone: base64 of the PKCS#7 message, which holds the claims. */
  readonly signature: string;
  /** The same as `text`. */
  toString(): string;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** The answer of `/metadata/versions`. The service accepts more versions than it lists. */
export interface Versions {
  /** The versions, in the order of the answer, which is oldest first. */
  readonly versions: readonly string[];
  /** Entries that are no date. */
  readonly unknown: readonly string[];
  /** The newest version listed. */
  readonly newest: string | undefined;
  /** The answer as it came, byte for byte. */
  readonly json: string;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** What a look for the service found. */
export interface Availability {
  /** Whether the metadata service answers, be it that it is busy or being updated. */
  readonly isAvailable: boolean;
  /** Why it is not there, or what it is busy with. */
  readonly reason: ImdsError | undefined;
  /** What it calls itself, like `IMDS/150.870.65.1854`. */
  readonly server: string | undefined;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** Something that the doctor found. */
export interface Finding {
  /** Its stable name. */
  readonly code: FindingCode;
  /** How grave it is: the service can't be used, it may fail to be used, or this is worth knowing. */
  readonly severity: "fault" | "warning" | "note";
  /** What was found, with the values, bounded and escaped. */
  readonly summary: string;
  /** What to do. */
  readonly remedy: string;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** What the doctor found. */
export interface Diagnosis {
  /** What is wrong or worth knowing, the gravest first. */
  readonly findings: readonly Finding[];
  /** Whether the service can be used: nothing found is a fault. */
  readonly isHealthy: boolean;
  /** What the first look for the service found. */
  readonly availability: Availability;
  /** The instance as the service describes it; nothing if it was not asked, or gave no use. */
  readonly instance: Instance | undefined;
  /** Why there is no instance, if it was asked. */
  readonly error: ImdsError | undefined;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** A field of the instance metadata, as Microsoft documents it. */
export interface Field {
  /** The path, with `*` for the index of an array: `network/interface/&#42;/macAddress`. */
  readonly path: string;
  /** What stands on the wire, in words. */
  readonly wire: string;
  /** The first api-version that has it; nothing for a field that is not documented. */
  readonly since: string | undefined;
  /** Whether it stays the same while the machine runs, so that a `Client` asks for it once. */
  readonly fixed: boolean;
  /** What it says. */
  readonly about: string;
  /** Where people stumble. */
  readonly note: string | undefined;
  /** All of this as a sentence. */
  readonly sentence: string;
  /** The one JSON form, the same in every language; `JSON.stringify` writes it. */
  toJSON(): ResultJson;
}

/** The fields of a name, as Microsoft documents them. */
export function explain(name: string): readonly Field[];

/** The cloud that `azEnvironment` names; nothing if it names none that is known. */
export function cloudOf(azEnvironment: string | undefined): CloudName | undefined;

/**
 * Whether the UUID that the machine's own SMBIOS shows is this `vmId`.
 *
 * SMBIOS before version 2.6 has the first three groups of a UUID in reverse order of bytes: both orders match. Case,
 * braces and white space around do not count.
 */
export function vmIdMatches(vmId: string, smbios: string): boolean;

/** Whether an event happens to the machine of this name, which is `compute.name`. */
export function eventAffects(event: { readonly resources: readonly string[] }, vmName: string): boolean;
