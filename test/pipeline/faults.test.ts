import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/pipeline/store.js";
import { fetchAt, fetchLive, hourMs, liveConfig, stored, truth } from "../support/liveRun.js";
import {
  changed,
  cutTo,
  elsewhere,
  type Fault,
  hangUp,
  silence,
  stall,
  status,
  webPage,
} from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const genesis = Date.UTC(2026, 2, 1);
const ohare = replayedWeather("KORD", genesis, 9 * 24);
const kennedy = replayedWeather("KJFK", genesis, 9 * 24);
const stations = [ohare, kennedy];
const icaos = ["KORD", "KJFK"];
const at = (hours: number) => ({ genesis, now: genesis + hours * hourMs, icaos });
/** Two days ahead of what GHCNh has, so that every service is needed. */
const start = 6 * 24 + 11.6;

/** What is stored when nothing has gone wrong yet, up to `start`. */
let before: string;
let noaa: ReplayNoaa;
beforeAll(async () => {
  before = mkdtempSync(join(tmpdir(), "isotherm-"));
  noaa = await startReplay(stations, genesis);
  const store = await openStore(before);
  await fetchAt(store, liveConfig(before, noaa), noaa, at(start));
  store.close();
});
const temporary = useTemporaryStore(() => before);
afterEach(() => {
  noaa.fault = () => undefined;
});
afterAll(async () => {
  await noaa.close();
  rmSync(before, { recursive: true });
});

const fetchAfter = (hours: number) => fetchAt(temporary.store, liveConfig(temporary.home, noaa), noaa, at(hours));

/** Everything recorded that tells of something being wrong. */
async function reasons(): Promise<string[]> {
  const rows = await temporary.store.all<{ reason: string }>(
    `SELECT concat_ws(' ', source, "column", "check", value) AS reason FROM quarantine
     UNION SELECT concat_ws(' ', source, status, message) FROM requests WHERE message IS NOT NULL`,
  );
  return rows.map(({ reason }) => reason);
}

const services = {
  ghcnh: (path: string) => path.endsWith(".psv"),
  awc: (path: string) => path.startsWith("api/data/metar"),
  nws: (path: string) => path.includes("/observations"),
};

const text = (change: (text: string) => string | Buffer): Fault => changed((body) => change(body.toString()));
/** Changes the rows of a psv file, the header apart. */
const rows = (change: (rows: string[], header: string[]) => string[]): Fault =>
  text((body) => {
    const [header = "", ...lines] = body.trimEnd().split("\n");
    return `${[header, ...change(lines, header.split("|"))].join("\n")}\n`;
  });
const cells = (change: (cells: string[], header: string[], index: number) => string[]): Fault =>
  rows((lines, header) => lines.map((line, i) => change(line.split("|"), header, i).join("|")));
const fahrenheit = (celsius: number) => Math.round(celsius * 18 + 320) / 10;
const reports = (change: (report: Record<string, unknown>, index: number) => object): Fault =>
  text((body) => JSON.stringify((JSON.parse(body || "[]") as Record<string, unknown>[]).map(change)));
type Feature = {
  properties: Record<string, { value: number | null } & Record<string, unknown>> & { timestamp: string };
};
const features = (change: (features: Feature[]) => unknown[]): Fault =>
  text((body) => {
    const reply = JSON.parse(body) as { features: Feature[] };
    return JSON.stringify({ ...reply, features: change(reply.features) });
  });

const broken: [string, Fault, RegExp][] = [
  ["trouble", status(500), /500/],
  ["refusals", status(403), /403/],
  ["a long wait", status(429, { "retry-after": "3600" }), /429/],
  ["silence", silence, /no whole answer|did not answer/i],
  ["a body that stops", stall, /Timeout|did not answer|terminated/i],
  ["a broken connection", hangUp, /the connection broke off/],
  ["a redirect to another host", elsewhere, /302 to http:\/\/elsewhere.example\/data, which is not followed/],
  ["a web page", webPage, /is a web page, not data/],
  ["half a gzip", changed((body) => gzipSync(body).subarray(0, gzipSync(body).length / 2)), /gzip is cut off/],
  ["a body cut off", cutTo(0.503), /is cut off/],
  ["noise", changed(() => Buffer.from([0x80, 0xff, 0x00, 0xfe, 0x0a, 0x81])), /missing column|no JSON|is cut off/],
];

describe.each(Object.keys(services) as (keyof typeof services)[])("%s answering with", (service) => {
  it.each(broken)(
    "%s is recorded, and the run goes on and heals",
    async (_, fault, reason) => {
      const isFaulty = services[service];
      noaa.fault = (path) => {
        if (isFaulty(path)) return fault;
        // NWS is asked only for what AWC does not have.
        return service === "nws" && services.awc(path) ? status(204) : undefined;
      };
      // A new version of the files, and eight new hours.
      const summary = await fetchAfter(start + 24);
      expect((await reasons()).filter((text) => text.startsWith(service))).toEqual(
        expect.arrayContaining([expect.stringMatching(reason)]),
      );
      expect(summary.failures.filter(({ source }) => source === service).length).toBeGreaterThan(0);
      const now = genesis + (start + 24) * hourMs;
      const known = await stored(temporary.store, ohare.stationId);
      // What is stored is true, and what the other services have is there.
      const newest = service === "nws" ? now - 36 * hourMs : now;
      expect(truth(ohare, genesis, now)).toMatchObject(known);
      expect(known).toMatchObject(truth(ohare, genesis, newest));
      noaa.fault = () => undefined;
      await fetchAfter(start + 27.1);
      for (const station of stations) {
        expect(await stored(temporary.store, station.stationId)).toEqual(
          truth(station, genesis, genesis + (start + 27.1) * hourMs),
        );
      }
    },
    60_000,
  );
});

/** Each spoils a part; what is good of the answer is used. */
const spoiled: { service: keyof typeof services; name: string; fault: Fault; reason: RegExp }[] = [
  {
    service: "ghcnh",
    name: "a file in °F",
    fault: cells((row, header) => {
      for (const column of ["temperature", "dew_point_temperature"]) {
        const at = header.indexOf(column);
        if (row[at]) row[at] = String(fahrenheit(Number(row[at])));
      }
      return row;
    }),
    reason: /file is unlike what is known: \d+ of \d+ temperatures differ by more than 5 °C/,
  },
  {
    service: "ghcnh",
    name: "a file of another station under its name",
    fault: cells(([, ...row]) => ["USW00099999", ...row]),
    reason: /is of station USW00099999/,
  },
  {
    service: "ghcnh",
    name: "rows of another station",
    fault: cells(([station, ...row], _, i) => [i % 5 === 4 ? "USW00099999" : station!, ...row]),
    reason: /stationId station USW00099999/,
  },
  {
    service: "ghcnh",
    name: "stamps of the future",
    fault: rows((lines) => [...lines, lines.at(-1)!.replace(/2026-03-\d\d/, "2026-11-11")]),
    reason: /date future 2026-11-11/,
  },
  {
    service: "ghcnh",
    name: "duplicate and shuffled rows",
    fault: rows((lines) => [...lines.slice(50), ...lines.slice(0, 60)].reverse()),
    reason: /date unique/,
  },
  {
    service: "ghcnh",
    name: "fields of a megabyte",
    fault: cells((row, header, i) => {
      if (i === 7) row[header.indexOf("temperature")] = "9".repeat(3 << 20);
      if (i === 9) row[header.indexOf("dew_point_temperature")] = "9".repeat(1 << 19);
      return row;
    }),
    reason: /columns \d+ columns, expected/,
  },
  {
    service: "ghcnh",
    name: "text that is not UTF-8",
    fault: text((body) =>
      Buffer.from(body.replace("SOMEWHERE", "Z\u00fcrich").replace("|FM15|", "|\u00ff|"), "latin1"),
    ),
    reason: /encoding/,
  },
  {
    service: "ghcnh",
    name: "fewer rows than before",
    fault: rows((lines) => lines.slice(0, 60)),
    reason: /shrunk 60 reports, \d+ were known/,
  },
  {
    service: "awc",
    name: "°F",
    fault: reports((report) => ({ ...report, temp: fahrenheit(Number(report.temp)) })),
    reason: /temperatureC rawText .* in the raw text/,
  },
  {
    service: "awc",
    name: "another station",
    fault: reports((report) => (report.metarType === "METAR" ? report : { ...report, icaoId: "KXYZ" })),
    reason: /rawText station K..., not KXYZ/,
  },
  {
    service: "awc",
    name: "stamps of the future",
    fault: reports((report, i) =>
      i ? report : { ...report, obsTime: Number(report.obsTime) + 86_400 * 3, rawOb: undefined },
    ),
    reason: /date future/,
  },
  {
    service: "awc",
    name: "duplicate and shuffled rows",
    fault: text((body) => JSON.stringify([...JSON.parse(body), ...JSON.parse(body)].reverse())),
    reason: /date unique/,
  },
  {
    service: "awc",
    name: "fields of a megabyte",
    fault: reports((report, i) => (i ? report : { ...report, rawOb: "X".repeat(3 << 20) })),
    reason: /rawOb too_big X+$/,
  },
  {
    service: "awc",
    name: "text that is not UTF-8",
    fault: text((body) => Buffer.from(body.replaceAll('"visib":"10+"', '"name":"Z\u00fcrich"'), "latin1")),
    reason: /encoding not all is UTF-8/,
  },
  {
    service: "nws",
    name: "°F",
    fault: features((all) =>
      all.map((feature) => {
        const { temperature } = feature.properties;
        return {
          properties: {
            ...feature.properties,
            temperature: { ...temperature, value: fahrenheit(temperature!.value ?? 0), unitCode: "wmoUnit:degF" },
          },
        };
      }),
    ),
    reason: /temperature unit .* wmoUnit:degF/,
  },
  {
    service: "nws",
    name: "strays of other years and the future",
    fault: features(([...all]) => [
      ...all,
      { properties: { ...all.at(-1)!.properties, timestamp: "2019-08-17T11:55:00+00:00" } },
      { properties: { ...all.at(-1)!.properties, timestamp: "2026-11-11T11:55:00+00:00", rawMessage: "KORD" } },
    ]),
    reason: /timestamp stray 2019/,
  },
  {
    service: "nws",
    name: "a next page on another host",
    fault: text((body) => JSON.stringify({ ...JSON.parse(body), pagination: { next: "http://elsewhere.example/2" } })),
    reason: /its next page is on another host/,
  },
];

describe("what is good of an answer is used:", () => {
  it.each(spoiled)("$service with $name", async ({ service, fault, reason }) => {
    noaa.fault = (path) => {
      if (services[service](path)) return fault;
      return service === "nws" && services.awc(path) ? status(204) : undefined;
    };
    await fetchAfter(start + 24);
    expect((await reasons()).filter((text) => text.startsWith(service))).toEqual(
      expect.arrayContaining([expect.stringMatching(reason)]),
    );
    for (const station of stations) {
      const now = genesis + (start + 24) * hourMs;
      expect(truth(station, genesis, now)).toMatchObject(await stored(temporary.store, station.stationId));
    }
    noaa.fault = () => undefined;
    await fetchAfter(start + 27.1);
    for (const station of stations) {
      const now = genesis + (start + 27.1) * hourMs;
      expect(await stored(temporary.store, station.stationId)).toEqual(truth(station, genesis, now));
    }
  });
});

it("a server's clock that is off is told, and costs nothing", async () => {
  const date = new Date(Date.now() - 7_200_000).toUTCString();
  noaa.fault = (path) =>
    services.awc(path) ? (_, response, body) => response.writeHead(200, { date }).end(body) : undefined;
  await fetchAfter(start + 1);
  expect(await reasons()).toEqual([
    expect.stringMatching(/^awc 200 the clock of .* is 7\d\d\d s behind this machine's$/),
  ]);
  expect(await stored(temporary.store, ohare.stationId)).toEqual(truth(ohare, genesis, genesis + (start + 1) * hourMs));
});

it("a machine's clock that is behind leaves what is not yet observed for later", async () => {
  // Ours says an hour ago; the services answer now.
  const now = start + 3;
  noaa.now = genesis + now * hourMs;
  await fetchLive(temporary.store, liveConfig(temporary.home, noaa), at(now - 1));
  const known = await stored(temporary.store, ohare.stationId);
  expect(known).toEqual(truth(ohare, genesis, genesis + (now - 1) * hourMs));
  expect(await reasons()).toEqual(expect.arrayContaining([expect.stringMatching(/^awc date future/)]));
  await fetchAfter(now);
  expect(await stored(temporary.store, ohare.stationId)).toEqual(truth(ohare, genesis, genesis + now * hourMs));
  expect(await reasons()).toEqual([]);
});
