const DAY_MS = 24 * 60 * 60 * 1000;

const EXPIRY_DAYS = [7, 30, 60, 90] as const;

/** A number of days as text, `DATE` for one that is picked, or `NEVER`. */
export type ExpiryChoice = `${(typeof EXPIRY_DAYS)[number]}` | 'DATE' | 'NEVER';

/** The choices that a server allows; `maxDays` is null where it sets no bound. */
export function expiryChoices(
  maxDays: number | null,
): readonly { readonly value: ExpiryChoice; readonly label: string }[] {
  const days = EXPIRY_DAYS.filter((count) => maxDays === null || count <= maxDays);
  return [
    ...days.map((count) => ({ value: `${count}` as const, label: `In ${count} days` })),
    { value: 'DATE', label: 'On a date' },
    ...(maxDays === null ? [{ value: 'NEVER' as const, label: 'Never' }] : []),
  ];
}

/**
 * When a token made now expires, in UTC milliseconds; null where never, undefined where no date is picked yet.
 * `date` is `YYYY-MM-DD`: the token works to the end of that day where the person is.
 */
export function expiryTime(
  choice: ExpiryChoice,
  date: string | null,
  nowMs: number,
): number | null | undefined {
  if (choice === 'NEVER') return null;
  if (choice !== 'DATE') return nowMs + Number(choice) * DAY_MS;
  if (!date) return undefined;
  return new Date(`${date}T23:59:59.000`).getTime();
}

/** A number of days is counted by the server: this clock may be wrong. */
export function expiryInput(
  choice: ExpiryChoice,
  expiresMs: number | null,
): { readonly expiresInSeconds?: number; readonly expiresAt?: string } {
  if (expiresMs === null) return {};
  if (choice !== 'DATE' && choice !== 'NEVER') {
    return { expiresInSeconds: (Number(choice) * DAY_MS) / 1000 };
  }
  return { expiresAt: new Date(expiresMs).toISOString() };
}

/** The last day that can be picked where no token lives longer than `maxDays`, as `YYYY-MM-DD`. */
export function lastDay(maxDays: number, nowMs: number): string {
  return isoDay(nowMs + (maxDays - 1) * DAY_MS);
}

/** The person's own calendar day, as `YYYY-MM-DD`. */
export function isoDay(timeMs: number): string {
  const day = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
