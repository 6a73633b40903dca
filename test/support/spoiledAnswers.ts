import { changed, type Fault } from "./loopbackNoaa.js";

/** Whether a path asks one of the services for what it has. */
export const services = {
  ghcnh: (path: string) => path.endsWith(".psv"),
  awc: (path: string) => path.startsWith("api/data/metar"),
  nws: (path: string) => path.includes("/observations"),
  official: (path: string) => path.includes("/forecast/hourly"),
};

export type ServiceName = keyof typeof services;

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
type ForecastPeriod = { temperature: number; temperatureUnit: string } & Record<string, unknown>;
type Forecast = { generatedAt: string; updateTime: string; periods: ForecastPeriod[] };
const forecast = (change: (forecast: Forecast) => object): Fault =>
  text((body) => JSON.stringify({ properties: change((JSON.parse(body) as { properties: Forecast }).properties) }));
const periods = (change: (period: ForecastPeriod, index: number) => object): Fault =>
  forecast((all) => ({ ...all, periods: all.periods.map(change) }));

export interface Spoiled {
  service: ServiceName;
  name: string;
  fault: Fault;
  /** What is recorded of it. */
  reason: RegExp;
}

/** Answers of which a part is spoiled; what is good of them is used. */
export const spoiledAnswers: readonly Spoiled[] = [
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
    reason: /file contradicts the stored hours: \d+ of \d+ temperatures differ by more than 5 °C/,
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
    service: "ghcnh",
    name: "its header alone",
    fault: rows(() => []),
    reason: /shrunk 0 reports, \d+ were known/,
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
  {
    service: "nws",
    name: "rows of another station",
    fault: features(([...all]) => [
      ...all,
      { properties: { ...all.at(-1)!.properties, station: "https://api.weather.gov/stations/KXYZ" } },
      { properties: { ...all.at(-1)!.properties, rawMessage: "METAR KXYZ 070951Z 10SM 30/20" } },
    ]),
    reason: /station station KXYZ|rawText station KXYZ/,
  },
  {
    service: "nws",
    name: "duplicate and shuffled rows",
    fault: features((all) => [...all, ...all].reverse()),
    reason: /date unique/,
  },
  {
    service: "nws",
    name: "fields of a megabyte",
    fault: features(([...all]) => [
      { properties: { ...all.at(-1)!.properties, rawMessage: "X".repeat(3 << 20) } },
      ...all,
    ]),
    reason: /rawMessage too_big X+$/,
  },
  {
    service: "nws",
    name: "text that is not UTF-8",
    fault: text((body) => Buffer.from(body.replaceAll(" RMK AO2", " RMK AO2 \u00e4"), "latin1")),
    reason: /encoding not all is UTF-8/,
  },
  {
    service: "official",
    name: "°F under the name of °C",
    fault: periods((period) => ({ ...period, temperature: fahrenheit(period.temperature) })),
    reason: /begins with .* °C, but .* °C was observed/,
  },
  {
    service: "official",
    name: "°F",
    fault: periods((period) => ({
      ...period,
      temperature: fahrenheit(period.temperature),
      temperatureUnit: "F",
      dewpoint: { unitCode: "wmoUnit:degK", value: 278 },
    })),
    reason: /period 1 has no dew point: 278 wmoUnit:degK/,
  },
  {
    service: "official",
    name: "stamps of the future",
    fault: forecast((all) => ({ ...all, updateTime: "2027-01-01T00:00:00+00:00" })),
    reason: /is from the future/,
  },
  {
    service: "official",
    name: "a forecast of last week",
    fault: forecast((all) => ({ ...all, generatedAt: "2026-02-01T00:00:00+00:00" })),
    reason: /is stale/,
  },
  {
    service: "official",
    name: "duplicate and shuffled periods",
    fault: forecast((all) => ({ ...all, periods: [...all.periods, ...all.periods.slice(0, 9)].reverse() })),
    reason: /period 165 appears twice/,
  },
  {
    service: "official",
    name: "fields of a megabyte",
    fault: periods((period, i) => (i === 30 ? { ...period, temperatureUnit: "X".repeat(3 << 20) } : period)),
    reason: /period 31 has no temperature/,
  },
  {
    service: "official",
    name: "a dew point of no weather",
    fault: periods((period, i) => (i ? period : { ...period, dewpoint: { unitCode: "wmoUnit:degC", value: 1e6 } })),
    reason: /period 1 has no dew point: 1000000 wmoUnit:degC/,
  },
  {
    service: "official",
    name: "text that is not UTF-8",
    fault: text((body) =>
      Buffer.from(body.replace('"properties":{', '"properties":{"office":"Z\u00fcrich",'), "latin1"),
    ),
    reason: /encoding not all is UTF-8/,
  },
];
