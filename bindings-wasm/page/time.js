// Times for people.

const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const WORDS = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** "3 hours ago", "in 2 days", as seen from `from`. */
export function relative(date, from) {
  const seconds = (date.getTime() - from.getTime()) / 1000;
  const [unit, length] = UNITS.find(([, it]) => Math.abs(seconds) >= it) ?? ["second", 1];
  return WORDS.format(Math.trunc(seconds / length), unit);
}

/** "21 September 2026, 12:00:00 UTC". */
export function absolute(date) {
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${day}, ${date.toISOString().slice(11, 19)} UTC`;
}

/** "21 Sep 2026". */
export function day(date) {
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** The claims' own format, `MM/DD/YY HH:MM:SS -0000`, for showing alone. */
export function claimTime(text) {
  const parts = /^(\d\d)\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) -0000$/.exec(text);
  const date = parts && new Date(`20${parts[3]}-${parts[1]}-${parts[2]}T${parts[4]}Z`);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}
