import { minuteMs } from "../../shared/time.js";

/** The parts of the raw text of a METAR or SPECI that are used. */
export interface MetarText {
  /** ICAO code; null if the text has none. */
  stationId: string | null;
  /** Day of the month and minute of the day, UTC; null if the text has no time. */
  time: { day: number; minute: number } | null;
  isSpecial: boolean;
  isCorrection: boolean;
  /** °C: tenths from the T-group if there is one, otherwise whole degrees; null if missing. */
  temperatureC: number | null;
  dewPointC: number | null;
}

/** The mark of a correction comes before or after the station. */
const head =
  /^\s*(?:(METAR|SPECI)\s+)?(?:(?:COR|CC[A-Z])\s+)?([A-Z][A-Z0-9]{3})\s+(?:(?:COR|CC[A-Z])\s+)?(?:(\d{2})(\d{2})(\d{2})Z)?/;

/** Reads `METAR KORD 200951Z … 12/06 … RMK … T01170056`; the first word may be missing. */
export function readMetarText(text: string): MetarText {
  const [body = "", remarks = ""] = text.split(/\bRMK\b/, 2);
  const [, type, stationId, day, hour, minute] = head.exec(body) ?? [];
  const whole = /\s(M?\d{2})\/(M?\d{2})?(?:\s|$)/.exec(body);
  const tenths = /\bT([01]\d{3})([01]\d{3})?\b/.exec(remarks);
  return {
    stationId: stationId ?? null,
    time: day ? { day: Number(day), minute: Number(hour) * 60 + Number(minute) } : null,
    isSpecial: type === "SPECI",
    isCorrection: isCorrection(text),
    temperatureC: finer(tenths?.[1], whole?.[1]),
    dewPointC: finer(tenths?.[2], whole?.[2]),
  };
}

/**
 * COR has no other meaning; in ISD a number may precede it directly. Canada marks the first, second, … correction with
 * CCA, CCB, … before or after the time.
 */
const correctionMark =
  /(?<![A-Z])COR\b|(?<![A-Z])CC[A-Z]\s+(?:[A-Z][A-Z0-9]{3}\s+)?\d{6}Z|\b\d{6}Z\s+(?:AUTO\s+)?CC[A-Z]\b/;

/** Whether the text marks a report as a correction, in any national style. */
export function isCorrection(text: string): boolean {
  // A fast check first: most of the millions of texts have neither.
  return (text.includes("COR") || text.includes("CC")) && correctionMark.test(text);
}

/** A T-group's value, `1017` for -1.7, unless the whole degrees show that it was mistyped. */
function finer(tenths: string | undefined, whole: string | undefined): number | null {
  // Adding 0 makes 0 of -0.
  const coarse = whole === undefined ? null : Number(whole.replace("M", "-")) + 0;
  if (tenths === undefined) return coarse;
  const fine = (tenths.startsWith("1") ? -1 : 1) * (Number(tenths.slice(1)) / 10) + 0;
  return coarse !== null && Math.abs(fine - coarse) > 1 ? coarse : fine;
}

const coverOktas: Readonly<Record<string, number>> = { SKC: 0, CLR: 0, FEW: 2, SCT: 4, BKN: 7, OVC: 8 };

/** Total cloud cover in oktas, as GHCNh codes it, from the covers of the layers; null if unknown, as with CAVOK. */
export function oktasOf(covers: readonly string[]): number | null {
  const known = covers.flatMap((cover) => coverOktas[cover] ?? []);
  return known.length === covers.length && known.length > 0 ? Math.max(...known) : null;
}

export const msPerKnot = 1852 / 3600;

/**
 * The time of a report by its text: the one nearest to `near` on that day of the month.
 * @returns epoch milliseconds; null if no month around `near` has the day
 */
export function timeOfText({ day, minute }: { day: number; minute: number }, near: number): number | null {
  const date = new Date(near);
  const times = [-1, 0, 1].flatMap((months) => {
    const time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, day, 0, minute);
    return new Date(time - minute * minuteMs).getUTCDate() === day ? time : [];
  });
  times.sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
  return times[0] ?? null;
}
