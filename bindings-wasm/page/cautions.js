// What a person should know beside a verdict.

/** The sentences that belong below the verdict of a report. */
export function cautions({ checks, document }) {
  const isOutcome = (check, outcome) => checks.some((it) => it.name === check && it.outcome === outcome);
  const texts = [];
  if (isOutcome("nonce", "not_checked")) {
    const end = isOutcome("max_age", "passed") ? "it is too old" : "it expires";
    texts.push(`The nonce was not compared: whoever saw this document can hand it in again until ${end}.`);
  }
  if (document?.timeBasis === "signing_time") {
    texts.push("Judged at its signing time: whether it has expired is open.");
  }
  for (const { subject } of document?.newIssuers ?? []) {
    texts.push(`Not in the table of known issuers: ${subject}. Azure may be changing its issuers.`);
  }
  return texts;
}
