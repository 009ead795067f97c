// What the doctor wants to know of this machine: raw texts, which the core interprets.

import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { platform } from "node:process";

import { native } from "./native.node.js";

const FILE_LIMIT = 4 * 1024;
const ROUTES_LIMIT = 1024 * 1024;
const TIMEOUT_MS = 5_000;

/** What can be found out, as the core takes it; what can't is left out, and then not examined. */
export async function gather(environment) {
  const wanted = native.wantedSurroundings();
  const variables = wanted.variables.flatMap((name) =>
    environment[name] === undefined ? [] : [name, environment[name]],
  );
  const files = [];
  let routes;
  if (platform === "linux") {
    for (const path of wanted.linuxFiles) {
      const content = await start(path, FILE_LIMIT);
      if (content !== undefined) files.push(path, content);
    }
    routes = await start(wanted.linuxRoutes, ROUTES_LIMIT);
  } else if (platform === "win32") {
    routes = await output(wanted.windowsRoutes);
  }
  return [platform, variables, files, routes];
}

/** How a file begins. One that is not there, or not to be read by this user, tells nothing. */
async function start(path, limit) {
  let file;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit);
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

function output([command, ...args]) {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: TIMEOUT_MS, maxBuffer: ROUTES_LIMIT }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
