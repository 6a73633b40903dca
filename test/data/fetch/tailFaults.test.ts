import { describe, expect, it } from "vitest";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { brokenAnswers } from "../../support/brokenAnswers.js";
import { useFetchedStore } from "../../support/fetchedStore.js";
import { fetchAt, impatientWaits, liveConfig, shortWaits, stored, truth } from "../../support/liveRun.js";
import { type Fault, silence, stall, status } from "../../support/loopbackNoaa.js";
import { replayedWeather } from "../../support/replayedWeather.js";
import { services } from "../../support/spoiledAnswers.js";

/** Late in a year only its end is requested, by two requests. */
const genesis = Date.UTC(2025, 0, 1);
const ohare = replayedWeather("KORD", genesis, 130 * 24);
const at = (day: number) => genesis + day * dayMs + 11 * hourMs;

const fetched = useFetchedStore([ohare], { genesis, now: at(120) });

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

/** Some of each kind; a file requested as a whole, which begins like a first part, meets them all. */
const faults = brokenAnswers.filter(([name]) =>
  ["trouble", "silence", "a broken connection", "a web page", "half a gzip", "a body cut off"].includes(name),
);

/** Lets the first requests of the file be answered well, and those after them by `fault`. */
function faultAfter(good: number, fault: Fault): void {
  let left = good;
  fetched.noaa.fault = (path) => (services.ghcnh(path) && left-- <= 0 ? fault : undefined);
}

describe.each([
  ["the first", 0, faults.slice(0, 2)],
  ["the second", 1, faults],
] as const)("%s part of a year answered with", (_, good, faults) => {
  it.each(faults)(
    "%s loses nothing else, and the next run heals it",
    async (_, fault) => {
      faultAfter(good, fault);
      const since = fetched.noaa.log.length;
      const summary = await fetchDay(121, [silence, stall].includes(fault) ? impatientWaits : shortWaits);
      expect(summary.failures.map(({ source }) => source)).toContain("ghcnh");
      expect(askedFiles(since)[0]?.range ?? "bytes=0-").toMatch(/^bytes=0-/);
      // AWC still has what GHCNh does not.
      await expectAllKnown(121);
      fetched.noaa.fault = () => undefined;
      expect(await fetchDay(122)).toMatchObject({ failures: [] });
      await expectAllKnown(122);
      expect(await fetched.store.all("SELECT * FROM quarantine WHERE schema = 'file'")).toEqual([]);
    },
    60_000,
  );
});

/** Sends the requested part, but with another beginning and without so many bytes at its end. */
function part(begin: (first: number) => number, missing: number): Fault {
  return (request, response, body) => {
    const [, from, to] = /(\d+)-(\d*)/.exec(request.headers.range!)!;
    const [first, last] = [begin(Number(from)), to ? Number(to) : body!.length - 1];
    response.writeHead(206, { etag: '"same"', "content-range": `bytes ${first}-${last}/${body!.length}` });
    response.end(body!.subarray(first, last + 1 - missing));
  };
}

/** Sends a part as if of another version, or of a longer file. */
function partOf(change: { etag?: string; longer?: number }): Fault {
  return (request, response, body) => {
    const [, first] = /(\d+)-/.exec(request.headers.range!)!;
    const total = body!.length + (change.longer ?? 0);
    const more = Buffer.alloc(change.longer ?? 0, "\n");
    const range = { "content-range": `bytes ${first}-${total - 1}/${total}` };
    response.writeHead(206, { etag: change.etag ?? String(response.getHeader("etag")), ...range });
    response.end(Buffer.concat([body!.subarray(Number(first)), more]));
  };
}

const beginsElsewhere = part((first) => first + 1, 0);
const isCutShort = part((first) => first, 5000);

it.each<[string, { good: number; fault: Fault; status?: number }]>([
  ["another part", { good: 1, fault: beginsElsewhere }],
  ["another first part", { good: 0, fault: beginsElsewhere }],
  ["less than it says", { good: 1, fault: isCutShort }],
  ["less than it says at first", { good: 0, fault: isCutShort }],
  ["a part without saying which", { good: 0, fault: (_, response) => response.writeHead(206).end("x") }],
  ["a part of another version", { good: 1, fault: partOf({ etag: '"other"' }) }],
  ["a part of a longer file", { good: 1, fault: partOf({ longer: 7 }) }],
  ["that there is no such part", { good: 1, fault: status(416), status: 416 }],
])("a year is read whole, once, where the server sends %s", async (_, { good, fault, status = 206 }) => {
  const since = fetched.noaa.log.length;
  let asked = 0;
  fetched.noaa.fault = (path) => (services.ghcnh(path) && asked++ === good ? fault : undefined);
  expect(await fetchDay(121)).toMatchObject({ failures: [] });
  const parts = [...Array<number>(good).fill(206), status].map((status) => [status, true]);
  expect(askedFiles(since).map(({ status, range }) => [status, range !== undefined])).toEqual([...parts, [200, false]]);
  await expectAllKnown(121);
});

it("a year that has moved is found at its new address", async () => {
  const since = fetched.noaa.log.length;
  let asked = 0;
  fetched.noaa.fault = (path) => (services.ghcnh(path) && asked++ === 0 ? status(404) : undefined);
  expect(await fetchDay(121)).toMatchObject({ failures: [] });
  expect(askedFiles(since).map(({ status }) => status)).toEqual([404, 200]);
  await expectAllKnown(121);
});
