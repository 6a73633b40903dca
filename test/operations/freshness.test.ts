import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureLines } from "../../src/data/fetch/fetch.js";
import { fetchObservations, type Problem } from "../../src/pipeline/update.js";
import type { Config } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { hourMs } from "../../src/shared/time.js";
import { liveConfig, stored, truth } from "../support/liveRun.js";
import { type Fault, status, webPage } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const genesis = Date.UTC(2026, 2, 1);
const ohare = replayedWeather("KORD", genesis, 9 * 24);
const kennedy = replayedWeather("KJFK", genesis, 9 * 24);
const temporary = useTemporaryStore();
let noaa: ReplayNoaa;
let warnings: string[];
beforeEach(async () => {
  noaa = await startReplay([ohare, kennedy], genesis);
  warnings = [];
});
afterEach(() => noaa.close());

const start = 6 * 24 + 11.6;

const configOf = () => liveConfig(temporary.home, noaa, { nbm: [noaa.hosts[2]] });

/** Fetches as an update would at so many hours after genesis. */
async function fetchAfter(hours: number, config: Config = configOf()): Promise<Problem | null> {
  const now = genesis + hours * hourMs;
  noaa.now = now;
  const run = {
    runId: String(hours),
    config,
    clock: { now: () => now, replaying: false },
    store: temporary.store,
    report: { ...silentReport, warn: (message: string) => warnings.push(message) },
    http: { retryDelayMs: 5, connectTimeoutMs: 300, idleTimeoutMs: 400, longestDelayMs: 500 },
  };
  return fetchObservations(run, { station: ["KORD", "KJFK"], from: genesis });
}

const isFile = (path: string) => path.endsWith(".psv");
const isAwc = (path: string) => path.startsWith("api/data/metar");
const isNws = (path: string) => path.includes("/observations");
const isGuidance = (path: string) => /forecast|^points|^blend/.test(path);
/** What happens to the requests of which one of these is true. */
function fail(fault: Fault, ...of: ((path: string) => boolean)[]): void {
  noaa.fault = (path) => (of.some((isOf) => isOf(path)) ? fault : undefined);
}

describe("a run in which something failed", () => {
  it("goes well when any service brought fresh hours, or said that there are none", async () => {
    expect(await fetchAfter(start)).toBeNull();
    fail(status(500), isFile, isAwc);
    expect(await fetchAfter(start + 24)).toBeNull();
    fail(status(500), isFile, isNws, isGuidance);
    expect(await fetchAfter(start + 25)).toBeNull();
    // Nothing new to have, and the files are away.
    noaa.fault = (path) => (isFile(path) ? status(500) : isAwc(path) || isNws(path) ? status(204) : undefined);
    expect(await fetchAfter(start + 49)).toBeNull();
    fail(status(500), isGuidance);
    expect(await fetchAfter(start + 50)).toBeNull();
    expect(await stored(temporary.store, ohare.stationId)).toEqual(
      truth(ohare, genesis, genesis + (start + 50) * hourMs),
    );
  });

  it("does not when the live services are silent, though yesterday's files are confirmed", async () => {
    expect(await fetchAfter(start)).toBeNull();
    const before = await stored(temporary.store, ohare.stationId);
    fail(status(500), isAwc, isNws, isGuidance);
    // A new file is as good as a fresh hour: it comes once a day.
    expect(await fetchAfter(start + 4)).toBe("NOAA could not be reached");
    fail(webPage, isAwc, isNws, isGuidance);
    expect(await fetchAfter(start + 5)).toBe("NOAA sent nothing that can be used");
    expect(await stored(temporary.store, ohare.stationId)).toEqual(before);
    noaa.fault = () => undefined;
    expect(await fetchAfter(start + 6)).toBeNull();
  });

  it("reports each unreachable host in one line, whatever was requested", async () => {
    expect(await fetchAfter(start)).toBeNull();
    expect(warnings).toEqual([]);
    const config = configOf();
    await noaa.close();
    expect(await fetchAfter(start + 48, config)).toBe("NOAA could not be reached");
    const hosts = noaa.hosts.map((host) => new URL(host).host);
    expect(warnings.map((line) => hosts.filter((host) => line.includes(host)))).toEqual(
      expect.arrayContaining(hosts.map((host) => [host])),
    );
    expect(warnings).toHaveLength(3);
    for (const line of warnings) expect(line).toContain("ECONNREFUSED");
    expect(warnings).toContainEqual(expect.stringMatching(/ \(\d+ requests\)$/));
    noaa = await startReplay([ohare, kennedy], genesis);
  });
});

describe("the lines that tell of failures", () => {
  const failure = (url: string, reason: string, unreachable = false) => ({
    stationId: null,
    source: "ghcnh",
    url,
    unreachable,
    message: `${url}: ${reason}`,
  });

  it("are one for a reason and host, one in full where it is the only one", () => {
    const lines = failureLines([
      failure("https://a.example/1", "status 403"),
      failure("https://a.example/2", "status 403"),
      failure("https://a.example/3", "is a web page, not data"),
      { ...failure("https://b.example/2", "", true), message: "b.example did not answer earlier requests" },
      failure("https://b.example/1", "connect ECONNREFUSED", true),
      { ...failure("some/file.psv", "is empty"), message: "some/file.psv is empty" },
    ]);
    expect(lines).toEqual([
      "a.example: status 403 (2 requests)",
      "https://a.example/3: is a web page, not data",
      "b.example: connect ECONNREFUSED (2 requests)",
      "some/file.psv is empty",
    ]);
  });
});
