import { createHash } from "node:crypto";
import { hashOf } from "../../../src/pipeline/ledger/ledgerEntries.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { fixturePlaces, fixtureTime, hundredths, type Place, type Rows } from "./fixturePlaces.js";

/** Three days of hourly runs: one failed, one a day before had no answer from the weather service, the newest publishes. */
export function addRuns(rows: Rows): void {
  for (let ago = 71; ago >= 0; ago--) {
    const time = fixtureTime - ago * hourMs + 9 * minuteMs;
    const runId = `run ${71 - ago}`;
    const hasFailed = ago === 30;
    const requests = hasFailed ? [] : requestsOf(runId, ago, time);
    rows.requests.push(...requests);
    rows.runs.push({
      runId,
      command: "update",
      startedTime: time,
      finishedTime: ago === 0 ? null : time + (40 + (ago % 7)) * 1000,
      asOf: time,
      outcome: ago === 0 ? "running" : hasFailed ? "failed" : "succeeded",
      message: hasFailed ? "<em>killed</em> before it ended" : null,
      requested: requests.length,
      failed: requests.filter(({ outcome }) => outcome === "failed").length,
      saved: hasFailed ? 0 : 4,
      bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }
  const counted = new Map<string, Rows["traffic"][number]>();
  for (const { source, stationId, outcome, bytes, seconds, requestedTime } of rows.requests) {
    const dayTime = Math.floor(requestedTime / dayMs) * dayMs;
    const key = `${dayTime} ${source} ${stationId}`;
    const none = { fetched: 0, unchanged: 0, absent: 0, failed: 0, saved: 0, bytes: 0, seconds: 0 };
    const traffic = counted.get(key) ?? { day: dayTime, source, stationId, ...none };
    traffic[outcome]++;
    traffic.saved += source === "ghcnh" ? 23 : 0;
    traffic.bytes += bytes;
    traffic.seconds = hundredths(traffic.seconds + seconds);
    counted.set(key, traffic);
  }
  rows.traffic.push(...counted.values());
}

function requestsOf(runId: string, ago: number, requestedTime: number): Rows["requests"] {
  const one = { runId, requestedTime, status: 200, seconds: 0.4, message: null };
  const [atlanta, , mumbai] = fixturePlaces.map(({ stationId }) => stationId) as [string, string, string];
  const nws =
    ago === 4
      ? { bytes: 0, outcome: "failed" as const, status: 503, message: "503 <b>Service</b> Unavailable" }
      : { bytes: 30_000, outcome: "fetched" as const };
  return [
    { ...one, source: "awc", stationId: null, url: "https://example.test/metar", bytes: 9000, outcome: "fetched" },
    { ...one, source: "nws", stationId: atlanta, url: "https://example.test/hourly", ...nws },
    ...(ago % 24 === 3
      ? [atlanta, mumbai].map((stationId, i) => ({
          ...one,
          source: "ghcnh",
          stationId,
          url: `https://example.test/${stationId}.psv`,
          ...(i === 0
            ? { bytes: 1_200_000, outcome: "fetched" as const }
            : { bytes: 0, status: 304, outcome: "unchanged" as const }),
        }))
      : []),
  ];
}

/** A history read in bulk, and the newest two hours, each seen and learned by a run of its own. */
export function addLedger(rows: Rows, { stationId }: Place, from: number, to: number): void {
  const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
  let hash = "";
  for (const [i, time] of [to - 2 * hourMs, to - hourMs, to].entries()) {
    const entry = {
      stationId,
      entry: i + 1,
      time: time + 9 * minuteMs,
      runId: `run ${69 + i}`,
      seen: i === 0 ? 1900 : 2,
      seenDigest: digestOf(`seen ${stationId} ${time}`),
      snapshotIds: digestOf(`snapshot ${stationId} ${time}`),
      issuedFrom: i === 0 ? from : time,
      issuedThrough: time,
      issued: i === 0 ? (time - from) / hourMs + 1 : 1,
      issuesDigest: digestOf(`issues ${stationId} ${time}`),
      taken: 0,
      takenDigest: digestOf(""),
      guidanceSeen: i < 2 ? 72 : 0,
      guidanceDigest: digestOf(`guidance ${stationId} ${time}`),
    };
    hash = hashOf(hash, entry);
    rows.ledger.push({ ...entry, hash });
    if (i === 0) continue;
    const validTime = time;
    const value = rows.hours.find((row) => row.stationId === stationId && row.validTime === validTime)?.temperatureC;
    if (value != null)
      rows.ledgerValues.push({
        stationId,
        entry: i + 1,
        validTime,
        variable: "temperature",
        value,
        source: "awc",
        seenTime: entry.time,
      });
  }
}
