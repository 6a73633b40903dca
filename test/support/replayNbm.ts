import type { Bulletin } from "../../src/data/sources/nbm.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import { etagOf, type Service } from "./loopbackNoaa.js";
import { leadsOf, type PrintedHour, printBlock, separator } from "./nbmBulletin.js";

/** The National Blend of Models as its bucket serves it, at any time. */
export interface NbmReplay {
  service: Service;
  /** How long after its hour a run becomes public, milliseconds; Infinity for one that never comes. */
  delayOf: (runTime: number, bulletin: Bulletin) => number;
  /** What becomes of a bulletin before it is served. */
  damage: (text: string, runTime: number, bulletin: Bulletin) => string;
  /** What the header of a bulletin says, of the time at which it became public. */
  lastModifiedOf: (publicTime: number) => string;
  /** How many other stations are printed after each one; they make the blocks move. */
  othersOf: (runTime: number) => number;
}

/** Guidance for an hour, whole °F, so that every run and hour has its own. */
export function printedHour(code: string, runTime: number, validTime: number) {
  const hour = validTime / hourMs;
  const place = code.charCodeAt(3) % 16;
  const temperatureF = Math.round(55 + place + 12 * Math.sin((hour * Math.PI) / 12) + ((runTime / hourMs) % 3));
  return { temperatureF, dewPointF: temperatureF - 8, spreadF: 1 + (hour % 3) };
}

type HourOf = (code: string, runTime: number, validTime: number) => PrintedHour;

/**
 * Serves these stations among others.
 * @param clock the time at which it answers, epoch milliseconds
 * @param hourOf the guidance of a run for an hour; defaults to `printedHour`
 */
export function replayNbm(codes: readonly string[], clock: { now: number }, hourOf: HourOf = printedHour): NbmReplay {
  let kept: { path: string; public: number; body: Buffer } | null = null;
  const replay: NbmReplay = {
    delayOf: () => 55 * minuteMs,
    damage: (text) => text,
    lastModifiedOf: (publicTime) => new Date(publicTime).toUTCString(),
    othersOf: () => 5,
    service(path) {
      const match = /blend\.(\d{4})(\d\d)(\d\d)\/(\d\d)\/text\/blend_(nb[hs])tx\.t\4z$/.exec(path);
      if (!match) return null;
      const [year, month, day, hour] = match.slice(1, 5).map(Number) as [number, number, number, number];
      const runTime = Date.UTC(year, month - 1, day, hour);
      const bulletin = match[5] as Bulletin;
      const publicTime = runTime + replay.delayOf(runTime, bulletin);
      if (!(publicTime <= clock.now)) return { status: 404 };
      if (kept?.path !== path) {
        const leads = leadsOf(bulletin, runTime);
        const print = (code: string) => {
          const hours = leads.map((lead) => hourOf(code, runTime, runTime + lead * hourMs));
          return printBlock({ code, bulletin, runTime, hours, others: otherRows });
        };
        const text = replay.damage(bulletinOf(codes, print, replay.othersOf(runTime)), runTime, bulletin);
        kept = { path, public: publicTime, body: Buffer.from(text, "latin1") };
      }
      const { body } = kept;
      return { body, headers: { etag: etagOf(body), "last-modified": replay.lastModifiedOf(publicTime) } };
    },
  };
  return replay;
}

/** A bulletin in which each station stands between others. */
function bulletinOf(codes: readonly string[], print: (code: string) => string, others: number): string {
  const own = new Map(codes.map((code) => [code, print(code)]));
  const between = own.get(codes[0]!)!;
  const names = codes.flatMap((code) => Array.from({ length: others }, (_, i) => `${code}${i}`));
  const blocks = [...codes, ...names].sort().map((code) => own.get(code) ?? between.replace(codes[0]!, code));
  return `1\n${separator}${blocks.join("")}`;
}

/** As many rows as make a block of the usual size. */
const otherRows = Array.from({ length: 30 }, (_, i) => ` X${String(i).padStart(2, "0")} ${"  0".repeat(23)}`);
