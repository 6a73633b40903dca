/** Data older than this are stale. */
export const staleAfterHours = 3;

export function isStale(newestObservedTime: number, now: number): boolean {
  return now - newestObservedTime > staleAfterHours * 3_600_000;
}

/** "12 min", "5 h", "3 days" or "6.2 years". */
export function formatAge(milliseconds: number): string {
  const minutes = Math.max(0, milliseconds) / 60_000;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  const days = minutes / 1440;
  return days < 730 ? `${Math.round(days)} days` : `${(days / 365.25).toFixed(1)} years`;
}
