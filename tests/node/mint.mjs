// Documents and certificates made on the spot, for tests that need a nonce or an address: just enough DER for that.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const OID = {
  authorityInformation: "2b06010505070101",
  authorityKey: "551d23",
  basicConstraints: "551d13",
  caIssuers: "2b06010505073002",
  commonName: "550403",
  country: "550406",
  data: "2a864886f70d010701",
  extendedKeyUsage: "551d25",
  keyUsage: "551d0f",
  organization: "55040a",
  rsa: "2a864886f70d010101",
  serverAuth: "2b06010505070301",
  sha256: "608648016503040201",
  sha256WithRsa: "2a864886f70d01010b",
  signedData: "2a864886f70d010702",
  subjectAlternativeName: "551d11",
  subjectKey: "551d0e",
};
const DAY = 24 * 60 * 60 * 1000;
const NULL = Buffer.of(0x05, 0x00);

export const VM_ID = "02aab8a4-74ef-476e-8182-f6d2ba4166a6";

/** A certification authority: its certificate, DER, and what it signs with. Without a parent it is a root. */
export function authority(name, parent) {
  const keys = rsaKey();
  const extensions = [
    extension(OID.basicConstraints, sequence(tlv(0x01, Buffer.of(0xff))), true),
    extension(OID.keyUsage, tlv(0x03, Buffer.of(0x01, 0x06)), true),
    extension(OID.subjectKey, tlv(0x04, keyIdentifier(keys))),
    ...(parent ? [authorityKey(parent.keys)] : []),
  ];
  const own = { name: distinguishedName(name), keys };
  const issuer = parent ?? own;
  return { ...own, der: certificate({ subject: own.name, keys, issuer, days: 3650, extensions }) };
}

/** A metadata service's certificate, which names the address of its issuer. `keys` may be of one made before. */
export function signer(issuer, url, keys = rsaKey()) {
  const names = ["eastus.metadata.azure.com", "metadata.azure.com"].map((it) => tlv(0x82, Buffer.from(it)));
  const access = sequence(oid(OID.caIssuers), tlv(0x86, Buffer.from(url)));
  const extensions = [
    extension(OID.subjectAlternativeName, sequence(...names)),
    extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
    extension(OID.keyUsage, tlv(0x03, Buffer.of(0x05, 0xa0)), true),
    authorityKey(issuer.keys),
    extension(OID.authorityInformation, sequence(access)),
  ];
  const serial = positive(randomBytes(16));
  const subject = distinguishedName("metadata.azure.com");
  return { keys, issuer, serial, der: certificate({ subject, keys, issuer, days: 90, extensions, serial }) };
}

/** The service's answer: an envelope around a document that the signer signs now, with further certificates in its bag. */
export function document({ keys, issuer, serial, der }, nonce, ...further) {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const claims = {
    nonce,
    timeStamp: { createdOn: claimTime(now), expiresOn: claimTime(now + DAY / 4) },
    vmId: VM_ID,
  };
  const content = Buffer.from(JSON.stringify(claims));
  const digest = sequence(oid(OID.sha256), NULL);
  const signature = sign("sha256", content, keys.privateKey);
  const info = sequence(
    integer(Buffer.of(1)),
    sequence(issuer.name, integer(serial)),
    digest,
    sequence(oid(OID.rsa), NULL),
    tlv(0x04, signature),
  );
  const data = sequence(oid(OID.data), tlv(0xa0, tlv(0x04, content)));
  const signed = sequence(integer(Buffer.of(1)), tlv(0x31, digest), data, tlv(0xa0, der, ...further), tlv(0x31, info));
  const whole = sequence(oid(OID.signedData), tlv(0xa0, signed));
  return JSON.stringify({ encoding: "pkcs7", signature: whole.toString("base64") });
}

/** A key pair of RSA-2048. */
export function rsaKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function certificate({ subject, keys, issuer, days, extensions, serial = positive(randomBytes(16)) }) {
  const algorithm = sequence(oid(OID.sha256WithRsa), NULL);
  const validity = sequence(time(Date.now() - DAY), time(Date.now() + days * DAY));
  const key = keys.publicKey.export({ type: "spki", format: "der" });
  const version = tlv(0xa0, integer(Buffer.of(2)));
  const all = tlv(0xa3, sequence(...extensions));
  const body = sequence(version, integer(serial), algorithm, issuer.name, validity, subject, key, all);
  const signature = sign("sha256", body, issuer.keys.privateKey);
  return sequence(body, algorithm, tlv(0x03, Buffer.of(0), signature));
}

function authorityKey(keys) {
  return extension(OID.authorityKey, sequence(tlv(0x80, keyIdentifier(keys))));
}

function keyIdentifier({ publicKey }) {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest()
    .subarray(0, 20);
}

function extension(identifier, value, isCritical = false) {
  return sequence(oid(identifier), ...(isCritical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value));
}

/** A name of these attributes, or of a common name alone. */
function distinguishedName(name) {
  const attributes = Object.entries(typeof name === "string" ? { commonName: name } : name);
  return sequence(...attributes.map(([type, it]) => tlv(0x31, sequence(oid(OID[type]), tlv(0x0c, Buffer.from(it))))));
}

/** A serial number that is positive and as short as it can be. */
function positive(bytes) {
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  return bytes;
}

function time(ms) {
  const digits = new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14);
  return tlv(0x17, Buffer.from(`${digits.slice(2)}Z`));
}

function claimTime(ms) {
  const [, year, month, day, clock] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(ms).toISOString());
  return `${month}/${day}/${year} ${clock} -0000`;
}

function sequence(...parts) {
  return tlv(0x30, ...parts);
}

function integer(bytes) {
  return tlv(0x02, bytes);
}

function oid(hex) {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

function tlv(tag, ...parts) {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}
