// Who is to be told when a signal calls off what it was given to: one listener for each signal, however many share it.
//
// Node warns of a leak where a signal has more than ten listeners, and a caller may give one to thousands of calls.

/** Those to tell, by signal. */
const TOLD = new WeakMap();

/**
 * Calls `act` with the reason when a signal aborts, later if it has already. Gives the function that takes that back;
 * with the last one the listener goes.
 */
export function onAbort(signal, act) {
  if (!signal) return () => {};
  let leaves = false;
  const once = (reason) => {
    if (!leaves) act(reason);
  };
  if (signal.aborted) {
    queueMicrotask(() => once(signal.reason));
    return () => {
      leaves = true;
    };
  }
  const told = TOLD.get(signal) ?? listening(signal);
  told.acts.add(once);
  return () => {
    leaves = true;
    told.acts.delete(once);
    if (told.acts.size === 0) told.stop();
  };
}

function listening(signal) {
  const acts = new Set();
  const tell = () => {
    stop();
    for (const act of [...acts]) act(signal.reason);
  };
  const stop = () => {
    signal.removeEventListener("abort", tell);
    if (TOLD.get(signal) === told) TOLD.delete(signal);
  };
  const told = { acts, stop };
  TOLD.set(signal, told);
  signal.addEventListener("abort", tell);
  return told;
}
