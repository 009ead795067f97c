#!/usr/bin/env node
// The program `azure-imds serve`: the emulator on 127.0.0.1, until a signal comes.

import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

import { startEmulator } from "./emulator.js";
import { ImdsError, UsageError } from "./errors.js";
import { native } from "./native.node.js";

const HELP = `azure-imds serve [options]

Answers as the metadata service does, faults included, to develop and test against. The first line printed is the URL.
Then come the variables to set for clients, and what is in force, as JSON.

  --port P          where to listen on 127.0.0.1; 0, the default, takes a free port
  --config FILE     the machine, in JSON; read again when it changes
  --fault RULE      let something go wrong: token:429x3; may be repeated
  --scenario NAME   schedule an event: live-migration; may be repeated
  --speed N         let scheduled events run N times as fast
  --no-limits       throttle nobody
  --seed HEX        64 digits that keys and identifiers follow from; random unless given
  --verbose         write a line for each request on standard error

Exit status: 0 ended by SIGINT or SIGTERM, 2 wrong usage.
`;
const OPTIONS = {
  port: { type: "string", default: "0" },
  config: { type: "string" },
  fault: { type: "string", multiple: true, default: [] },
  scenario: { type: "string", multiple: true, default: [] },
  speed: { type: "string", default: "1" },
  "no-limits": { type: "boolean", default: false },
  seed: { type: "string" },
  verbose: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};
const LOOKS_EVERY_MS = 250;
const GRACE_MS = 5_000;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 };

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof ImdsError || String(error?.code).startsWith("ERR_PARSE_ARGS");
  if (!isUsage) throw error;
  complain(error.message);
  process.exitCode = 2;
}

async function run(argv) {
  const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  if (values.help) return process.stdout.write(HELP);
  if (positionals.join(" ") !== "serve") throw misused("say `azure-imds serve`, or `azure-imds --help`");
  const seen = values.config === undefined ? undefined : state(values.config);
  const emulator = await startEmulator({
    machine: values.config === undefined ? undefined : content(values.config),
    seed: values.seed === undefined ? undefined : seed(values.seed),
    limits: !values["no-limits"],
    speed: whole("speed", values.speed),
    faults: values.fault,
    scenarios: values.scenario,
    port: whole("port", values.port),
    log: values.verbose ? (line) => process.stderr.write(`${escaped(line)}\n`) : undefined,
  });
  emulator.ref().makeKeys();
  const looking = values.config === undefined ? undefined : follow(emulator, values.config, seen);
  endBySignal(emulator, looking);
  announce(emulator, values.config);
  return undefined;
}

/** Says where it is, what to tell clients, and what is in force. First the URL, alone on its line. */
function announce(emulator, config) {
  const lines = [
    emulator.url,
    ...Object.entries(emulator.environment).map(([name, value]) => `export ${name}=${value}`),
    `# seed ${Buffer.from(emulator.seed).toString("hex")}`,
    `# root of its attested documents, for tests alone: ${emulator.url}/emulator/root.pem`,
    `# machine: ${config === undefined ? "the default one" : `${config}, read again when it changes`}`,
    ...emulator.unknown.map(unknown),
    ...emulator.faults.map((rule) => `# fault ${rule}`),
    ...emulator.events.map((event) => `# event ${event.id} ${event.eventType}`),
    ...JSON.stringify(emulator.machine, undefined, 2).split("\n"),
  ];
  process.stdout.write(lines.map((line) => `${escaped(line)}\n`).join(""));
}

function unknown(path) {
  return `# ${path} is not a known field, and served as it is`;
}

/** Reads the file again when it is not as it was seen last. One that can't be read changes nothing. */
function follow(emulator, config, seen) {
  return setInterval(() => {
    const now = state(config);
    if (now === undefined || now === seen) return;
    seen = now;
    try {
      emulator.machine = content(config);
      complain(`${config} was read again`);
      for (const path of emulator.unknown) complain(unknown(path).slice(2));
    } catch (error) {
      if (!(error instanceof ImdsError)) throw error;
      complain(`${config}: ${error.message}; what was in force stays (${error.code})`);
    }
  }, LOOKS_EVERY_MS);
}

/** What of a file tells that it has changed; nothing while it is away, as when an editor replaces it. */
function state(path) {
  try {
    const { mtimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    return undefined; // Why, is told by whoever reads it.
  }
}

/** A signal ends the program in good order; a second one at once. */
function endBySignal(emulator, looking) {
  let isEnding = false;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (isEnding) process.exit(128 + number);
      isEnding = true;
      clearInterval(looking);
      emulator.close({ graceMs: GRACE_MS }).then(() => process.exit(0));
    });
  }
}

function content(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${error.message}`, { code: "file_unreadable" });
  }
}

function seed(text) {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw misused("the seed is not 64 hexadecimal digits");
  return Buffer.from(text, "hex");
}

function whole(name, text) {
  if (!/^\d+$/.test(text)) throw misused(`--${name} is "${native.quoted(text)}"; give a whole number`);
  return Number(text);
}

function misused(message) {
  return new UsageError(message, { code: "usage" });
}

function complain(sentence) {
  process.stderr.write(`azure-imds: ${escaped(sentence)}\n`);
}

/** Nothing that came from outside moves the cursor, changes colours or hides. */
function escaped(text) {
  return native.printable(text);
}
