import { describe, expect, it } from "vitest";
import { brokenAnswers } from "../support/brokenAnswers.js";
import { useFetchedStore } from "../support/fetchedStore.js";
import { dayMs, fetchAt, hourMs, impatientWaits, liveConfig, shortWaits, stored, truth } from "../support/liveRun.js";
import { type Fault, silence, stall } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { services } from "../support/spoiledAnswers.js";

/** Late in a year only its end is asked for, by two requests. */
const genesis = Date.UTC(2025, 0, 1);
const ohare = replayedWeather("KORD", genesis, 310 * 24);
const at = (day: number) => genesis + day * dayMs + 11 * hourMs;

const fetched = useFetchedStore([ohare], { genesis, now: at(300) });

const fetchDay = (day: number, http = shortWaits) =>
  fetchAt(fetched.store, liveConfig(fetched.home, fetched.noaa), fetched.noaa, {
    genesis,
    now: at(day),
    icaos: ["KORD"],
    http,
  });

async function expectAllKnown(day: number): Promise<void> {
  expect(await stored(fetched.store, ohare.stationId)).toEqual(truth(ohare, genesis, at(day)));
}

const askedFiles = (since: number) => fetched.noaa.log.slice(since).filter(({ path }) => services.ghcnh(path));

/** Lets the first requests of the file be answered well, and those after them by `fault`. */
function faultAfter(good: number, fault: Fault): void {
  let left = good;
  fetched.noaa.fault = (path) => (services.ghcnh(path) && left-- <= 0 ? fault : undefined);
}

describe.each([
  ["the first", 0],
  ["the second", 1],
] as const)("%s part of a year answered with", (_, good) => {
  it.each(brokenAnswers)(
    "%s costs nothing but that, and heals",
    async (_, fault) => {
      faultAfter(good, fault);
      const since = fetched.noaa.log.length;
      const summary = await fetchDay(301, [silence, stall].includes(fault) ? impatientWaits : shortWaits);
      expect(summary.failures.map(({ source }) => source)).toContain("ghcnh");
      expect(askedFiles(since)[0]?.range ?? "bytes=0-").toMatch(/^bytes=0-/);
      // AWC is still asked, and has what GHCNh does not.
      await expectAllKnown(301);
      fetched.noaa.fault = () => undefined;
      expect(await fetchDay(302)).toMatchObject({ failures: [] });
      await expectAllKnown(302);
      expect(await fetched.store.all("SELECT * FROM quarantine WHERE schema = 'file'")).toEqual([]);
    },
    60_000,
  );
});

/** Sends a part as asked for, but for where it begins and for so many bytes that are missing at its end. */
function part(begin: (first: number) => number, missing: number): Fault {
  return (request, response, body) => {
    const [, from, to] = /(\d+)-(\d*)/.exec(request.headers.range!)!;
    const [first, last] = [begin(Number(from)), to ? Number(to) : body!.length - 1];
    response.writeHead(206, { etag: '"same"', "content-range": `bytes ${first}-${last}/${body!.length}` });
    response.end(body!.subarray(first, last + 1 - missing));
  };
}

it.each([
  ["another part", part(() => 0, 0)],
  ["less than it says", part((first) => first, 5000)],
])("a year is read whole where the server sends %s", async (_, fault) => {
  const since = fetched.noaa.log.length;
  let parts = 0;
  fetched.noaa.fault = (path) => (services.ghcnh(path) && parts++ < 2 ? fault : undefined);
  expect(await fetchDay(301)).toMatchObject({ failures: [] });
  expect(askedFiles(since).map(({ status, range }) => [status, range !== undefined])).toEqual([
    [206, true],
    [206, true],
    [200, false],
  ]);
  await expectAllKnown(301);
});
