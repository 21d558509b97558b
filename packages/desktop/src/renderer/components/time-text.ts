const DAY_SECONDS = 24 * 3600;

/** Each unit with its length, and up to where it is used: "90 days" says more than "3 months". */
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['minute', 60, 3600],
  ['hour', 3600, DAY_SECONDS],
  ['day', DAY_SECONDS, 120 * DAY_SECONDS],
  ['month', 30 * DAY_SECONDS, 730 * DAY_SECONDS],
  ['year', 365 * DAY_SECONDS, Number.POSITIVE_INFINITY],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** "3 minutes ago", "in 6 days"; within a minute of now it is "just now" or "in a moment". */
export function relativeTime(timeMs: number, nowMs: number): string {
  const seconds = Math.round((timeMs - nowMs) / 1000);
  // The page's clock ticks every ten seconds, so what happened since seems to lie ahead.
  if (Math.abs(seconds) < 60) return seconds > 15 ? 'in a moment' : 'just now';
  for (const [unit, length, limit] of UNITS) {
    // To the nearest: what was set to 90 days a minute ago is in 90 days, and 59.6 minutes are an hour.
    const count = Math.round(seconds / length);
    if (Math.abs(count) * length < limit) return relative.format(count, unit);
  }
  return 'unknown';
}

/** "29 days", "2 hours": how long until then, or null where it is past. */
export function timeLeft(timeMs: number, nowMs: number): string | null {
  if (timeMs <= nowMs) return null;
  const text = relativeTime(timeMs, nowMs);
  return text.startsWith('in ') && text !== 'in a moment' ? text.slice(3) : 'less than a minute';
}

/** "22 November 2026 at 02:57:12", in the person's own time zone. */
export const exactTime = (timeMs: number): string => exact.format(timeMs);

/** "02:57". */
export const clockTime = (timeMs: number): string => clock.format(timeMs);

/** "22 Nov 2026". */
export const dayText = (timeMs: number): string => day.format(timeMs);
