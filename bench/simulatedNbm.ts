import type { Bulletin } from "../src/data/sources/nbm.js";
import { hourMs, minuteMs } from "../src/shared/time.js";
import { startNoaa } from "../test/support/loopbackNoaa.js";
import { leadsOf, printBlock, separator } from "../test/support/nbmBulletin.js";
import { printedHour } from "../test/support/replayNbm.js";

// The bulletins of the National Blend of Models on a loopback server, each with 9,000 stations and some 29 MB. Run as a
// child process: it sends its address and codes, then answers as at the time of each message.

export interface SimulatedNbm {
  url: string;
  codes: string[];
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const codes = Array.from({ length: 9000 }, (_, i) => {
  return `K${[676, 26, 1].map((place) => letters[Math.floor((i * 1.9) / place) % 26]).join("")}`;
});

/** A bulletin whose blocks have one row more where it rains, so that they move from hour to hour. */
function bulletinOf(bulletin: Bulletin, runTime: number): Buffer {
  const leads = leadsOf(bulletin, runTime);
  const print = (code: string, rows: number) => {
    const hours = leads.map((lead) => printedHour(code, runTime, runTime + lead * hourMs));
    const others = Array.from(
      { length: rows },
      (_, i) => ` X${String(i).padStart(2, "0")} ${"  0".repeat(leads.length)}`,
    );
    return printBlock({ code, bulletin, runTime, hours, others });
  };
  const [dry, wet] = [print("CODE", 34), print("CODE", 35)];
  const [head, tail] = [dry, wet].map((block) => block.split("CODE")) as [string[], string[]];
  const blocks = codes.map((code, i) => {
    const isWet = Math.sin(i / 500 + runTime / hourMs / 20) > 0.8;
    const [before, after] = isWet ? tail : head;
    return `${before}${code}${after}`;
  });
  return Buffer.from(`1\n${separator}${blocks.join("")}`, "latin1");
}

let now = 0;
let kept: { path: string; body: Buffer } | null = null;
const { url } = await startNoaa((path) => {
  const [, day, hour, bulletin] = /blend\.(\d{8})\/(\d\d)\/text\/blend_(nb[hs])tx/.exec(path)!;
  const runTime = Date.UTC(Number(day!.slice(0, 4)), Number(day!.slice(4, 6)) - 1, Number(day!.slice(6)), Number(hour));
  if (runTime + 55 * minuteMs > now) return { status: 404 };
  if (kept?.path !== path) kept = { path, body: bulletinOf(bulletin as Bulletin, runTime) };
  const headers = { etag: `"${path}"`, "last-modified": new Date(runTime + 55 * minuteMs).toUTCString() };
  return { body: kept.body, headers };
});

process.on("message", (time: number) => {
  now = time;
  process.send!("ready");
});
process.send!({ url, codes } satisfies SimulatedNbm);
