import { createHash } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { z } from "zod";
import { fieldsOfSchema } from "../../src/data/fieldsOfSchema.js";
import { featureNames } from "../../src/model/features.js";
import {
  type ModelName,
  quantileLevels,
  reportedLeads,
  rivals,
  type Variable,
  variables,
} from "../../src/model/vocabulary.js";
import { hashOf } from "../../src/pipeline/ledger/ledgerEntry.js";
import {
  type ForecastRow,
  type PublishedManifest,
  type PublishedTable,
  publishedTables,
} from "../../src/pipeline/published.js";

type Rows = { [T in PublishedTable]: z.infer<(typeof publishedTables)[T]>[] };

const hour = 3_600_000;
const day = 24 * hour;

/** The fixture's clock; the second Sunday of March, when US clocks change, lies in the days shown. */
export const fixtureTime = Date.parse("2026-03-09T18:00:00Z");

/** Models that the fixture scores, with how much worse than the published one they are. */
const errorFactors: Partial<Record<ModelName, number>> = {
  persistence: 1.9,
  seasonalNaive: 1.5,
  climatology: 1.7,
  blend: 1.25,
  sgd: 1.4,
  rls: 1.05,
  mixture: 1,
};

interface Place {
  stationId: string;
  icao: string | null;
  name: string;
  latitude: number;
  longitude: number;
  elevationM: number | null;
  timeZone: string;
  meanC: number;
  rangeC: number;
  quantiles: boolean;
  /** Hours since the newest observation; null where nothing was ever observed. */
  ageHours: number | null;
}

/** Two usual stations, one half an hour off the full hour, one stale without intervals and with a name to escape, one empty. */
export const fixturePlaces: Place[] = [
  {
    stationId: "USW00013874",
    icao: "KATL",
    name: "ATLANTA HARTSFIELD INTL AP",
    latitude: 33.63,
    longitude: -84.4417,
    elevationM: 307.8,
    timeZone: "America/New_York",
    meanC: 13,
    rangeC: 10,
    quantiles: true,
    ageHours: 0,
  },
  {
    stationId: "USW00026451",
    icao: "PANC",
    name: "ANCHORAGE INTL AP",
    latitude: 61.169,
    longitude: -150.0278,
    elevationM: 36.6,
    timeZone: "America/Anchorage",
    meanC: -6,
    rangeC: 6,
    quantiles: true,
    ageHours: 1,
  },
  {
    stationId: "INI0000VABB",
    icao: "VABB",
    name: "MUMBAI CHHATRAPATI SHIVAJI",
    latitude: 19.0887,
    longitude: 72.8679,
    elevationM: 11.3,
    timeZone: "Asia/Kolkata",
    meanC: 27,
    rangeC: 9,
    quantiles: true,
    ageHours: 0,
  },
  {
    stationId: "AYM00089009",
    icao: null,
    name: 'AMUNDSEN-SCOTT <b>&"POLE"</b>',
    latitude: -90,
    longitude: 0,
    elevationM: 2835,
    timeZone: "Antarctica/McMurdo",
    meanC: -50,
    rangeC: 2,
    quantiles: false,
    ageHours: 31,
  },
  {
    stationId: "USW00024233",
    icao: "KSEA",
    name: "SEATTLE TACOMA AP",
    latitude: 47.4444,
    longitude: -122.3138,
    elevationM: 112.8,
    timeZone: "America/Los_Angeles",
    meanC: 8,
    rangeC: 7,
    quantiles: true,
    ageHours: null,
  },
];

/**
 * Writes a small, always equal `published/` folder, as `publish` would, to develop and test the site against.
 * @param home the folder that `published/` is made in
 */
export async function writePublishedFixture(
  home: string,
  { simulated = false, days = 40 } = {},
): Promise<PublishedManifest> {
  const folder = join(home, "published");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const rows = publishedRows({ simulated, days });
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const files: PublishedManifest["files"] = [];
  for (const [table, schema] of Object.entries(publishedTables)) {
    const checked = z.array(schema as z.ZodType).parse(rows[table as PublishedTable]);
    const json = join(folder, `${table}.json`);
    const name = `${table}.parquet`;
    await writeFile(json, checked.map((row) => JSON.stringify(row)).join("\n"));
    const columns = sqlColumns(schema);
    const select = Object.entries(columns)
      .map(([column, type]) =>
        type === "TIMESTAMP" ? `make_timestamp("${column}" * 1000) AS "${column}"` : `"${column}"`,
      )
      .join(", ");
    const types = Object.entries(columns)
      .map(([column, type]) => `"${column}": '${type === "TIMESTAMP" ? "BIGINT" : type}'`)
      .join(", ");
    await connection.run(
      `COPY (SELECT ${select} FROM read_json('${json}', format = 'newline_delimited', columns = {${types}}))
       TO '${join(folder, name)}' (FORMAT parquet, COMPRESSION snappy)`,
    );
    await rm(json);
    const bytes = await readFile(join(folder, name));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    files.push({ name, rows: checked.length, bytes: (await stat(join(folder, name))).size, sha256 });
  }
  connection.closeSync();
  instance.closeSync();
  const manifest: PublishedManifest = {
    schemaVersion: 1,
    version: "0.1.0",
    asOf: fixtureTime,
    dataThrough: fixtureTime,
    simulated,
    publishedModel: "mixture",
    modelOptions: { delta: 0.1, hourlyDelta: 0.3, huber: 2 },
    files,
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  return manifest;
}

const sqlTypes: Record<string, string> = {
  integer: "INTEGER",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  text: "VARCHAR",
  time: "TIMESTAMP",
};

/** SQL type of each column of a published table, from its zod schema. */
function sqlColumns(schema: z.ZodObject): Record<string, string> {
  return Object.fromEntries(fieldsOfSchema(schema).map(({ name, type }) => [name, sqlTypes[type]!]));
}

/** The weather of a place: an annual mean, a daily cycle, fronts; hundredths of a degree. */
export function fixtureTemperature(place: Place, time: number): number {
  const local = time / hour + place.longitude / 15;
  const daily = Math.cos(((local - 15) / 24) * 2 * Math.PI) * (place.rangeC / 2);
  const fronts = 3 * Math.sin(time / day / 1.7) + 2 * Math.sin(time / day / 0.6 + 1);
  return hundredths(place.meanC + daily + fronts + jitter(time / hour));
}

/** Deterministic noise in -0.5 … 0.5. */
function jitter(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43_758.5453;
  return x - Math.floor(x) - 0.5;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function spreadC(leadHours: number): number {
  return 0.5 + 2.5 * Math.sqrt(leadHours / 72);
}

function publishedRows({ simulated, days }: { simulated: boolean; days: number }): Rows {
  const rows = Object.fromEntries(Object.keys(publishedTables).map((table) => [table, []])) as unknown as Rows;
  const genesisTime = fixtureTime - days * day;
  for (const place of fixturePlaces) {
    const { ageHours, meanC, rangeC, quantiles, ...station } = place;
    const newest = ageHours === null ? null : fixtureTime - ageHours * hour;
    rows.stations.push({
      ...station,
      genesisTime: newest === null ? null : genesisTime,
      newestObservedTime: newest,
      newestIssuedTime: newest,
      hoursObserved: newest === null ? 0 : (newest - genesisTime) / hour + 1 - 7,
      hoursMissing: newest === null ? 0 : 7,
      rowsQuarantined: newest === null ? 0 : 2,
      valuesCorrected: newest === null ? 0 : 1,
      valuesLate: newest === null ? 0 : 1,
      simulated,
    });
    if (newest === null) continue;
    addHours(rows, place, genesisTime, newest);
    addForecasts(rows, place, newest);
    addOfficialForecasts(rows, place, newest);
    addEvaluation(rows, place, genesisTime, newest);
    addDetails(rows, place, genesisTime, newest);
    addDays(rows, place, months[0]!, newest);
    addChain(rows, place, genesisTime, newest);
    addLedger(rows, place, genesisTime, newest);
  }
  addRuns(rows);
  return rows;
}

/** Three days of hourly runs: one failed, one a day before had no answer from the weather service, the newest publishes. */
function addRuns(rows: Rows): void {
  for (let ago = 71; ago >= 0; ago--) {
    const time = fixtureTime - ago * hour + 9 * 60_000;
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
    const dayTime = Math.floor(requestedTime / day) * day;
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
          ...{ ...one, source: "ghcnh", stationId, url: `https://example.test/${stationId}.psv` },
          ...(i === 0
            ? { bytes: 1_200_000, outcome: "fetched" as const }
            : { bytes: 0, status: 304, outcome: "unchanged" as const }),
        }))
      : []),
  ];
}

function addHours(rows: Rows, place: Place, from: number, to: number): void {
  for (let validTime = from; validTime <= to; validTime += hour) {
    const ago = (to - validTime) / hour;
    const gap = ago >= 30 && ago < 37;
    const temperatureC = gap ? null : fixtureTemperature(place, validTime);
    const dewPointC = temperatureC === null ? null : hundredths(temperatureC - 4 - jitter(validTime / hour + 7));
    const temperatureSource = ago < 48 ? "awc" : "ghcnh";
    const sources = temperatureC === null ? null : temperatureSource;
    const values = { temperatureC, dewPointC, temperatureSource: sources, dewPointSource: sources };
    rows.hours.push({ stationId: place.stationId, validTime, ...values });
    if (gap) continue;
    rows.learnedHours.push({
      stationId: place.stationId,
      validTime,
      temperatureC,
      dewPointC,
      seaLevelPressureHpa: hundredths(1013 + 6 * Math.sin(validTime / day / 1.7 + 2)),
      windSpeedMs: hundredths(4 + 2 * jitter(validTime / hour + 3)),
      windDirectionDeg: ago % 7 === 0 ? null : 10 * Math.round(18 + 17 * Math.sin(validTime / day)),
      cloudCoverOktas: Math.round(4 + 4 * jitter(validTime / hour + 5)),
    });
  }
  // One value was corrected by the day's file, one came when its hour had passed.
  const change = { stationId: place.stationId, variable: "temperature", firstSource: "awc" } as const;
  for (const [ago, late] of [
    [50, false],
    [60, true],
  ] as const) {
    const validTime = to - ago * hour;
    const value = fixtureTemperature(place, validTime);
    const times = { validTime, reportTime: validTime - 9 * 60_000, firstSeenTime: validTime + (late ? 9 * hour : 0) };
    const values = { firstValue: late ? value : value + 1.1, value, corrections: late ? 0 : 1, late };
    rows.corrections.push({ ...change, ...times, ...values, source: "ghcnh" });
  }
}

function addForecasts(rows: Rows, place: Place, newest: number): void {
  const now = {
    temperature: fixtureTemperature(place, newest),
    dewPoint: hundredths(fixtureTemperature(place, newest) - 4),
  };
  for (let issuedTime = newest - 3 * day; issuedTime <= newest; issuedTime += 3 * hour) {
    for (const variable of variables) {
      for (let leadHours = 1; leadHours <= 72; leadHours++) {
        const madeTime = issuedTime + (issuedTime === newest - 12 * hour ? 190 : 8) * 60_000;
        const key = { stationId: place.stationId, issuedTime, madeTime, leadHours, variable };
        const truth = fixtureTemperature(place, issuedTime + leadHours * hour) - (variable === "dewPoint" ? 4 : 0);
        const error = spreadC(leadHours) * Math.sin(issuedTime / day + leadHours / 9) * 0.8;
        rows.forecasts.push({
          ...key,
          model: "mixture",
          ...quantiles(hundredths(truth + error), leadHours, place.quantiles),
        });
        if (issuedTime !== newest) continue;
        addExplanation(rows, { ...key, valueC: hundredths(truth + error) }, now[variable]);
        const dayBefore =
          fixtureTemperature(place, newest + (((leadHours - 1) % 24) - 23) * hour) - (variable === "dewPoint" ? 4 : 0);
        for (const [model, valueC] of [
          ["persistence", now[variable]],
          ["seasonalNaive", hundredths(dayBefore)],
          ["climatology", place.meanC],
        ] as const) {
          rows.forecasts.push({ ...key, model, ...quantiles(valueC, leadHours, false) });
        }
      }
    }
  }
}

/** Parts that add up to the forecast, of every group but saturation. */
function addExplanation(
  rows: Rows,
  { valueC, ...key }: Pick<ForecastRow, "stationId" | "issuedTime" | "leadHours" | "variable"> & { valueC: number },
  nowC: number,
): void {
  const change = valueC - nowC;
  const shares: Record<string, number> = {
    "T₋3": 0.05,
    "T₋12": -0.02,
    "T₋24": 0.18,
    mean24: -0.08,
    "Td₋0": 0.04,
    "sin day": 0.5,
    "(T - T₋₂₄) × cos day": 0.2,
    constant: 0.06,
    pressure: -0.03,
    "wind speed": 0.04,
    cloud: -0.09,
    "random features": 0.07,
  };
  let left = change;
  rows.explanations.push({ ...key, part: "now", contributionC: nowC });
  for (const [part, share] of Object.entries(shares)) {
    const contributionC = hundredths(share * change);
    left -= contributionC;
    if (contributionC !== 0) rows.explanations.push({ ...key, part, contributionC });
  }
  rows.explanations.push({ ...key, part: "usual level", contributionC: hundredths(left) });
}

const normalQuantiles = { p025: -1.96, p10: -1.2816, p25: -0.6745, p50: 0, p75: 0.6745, p90: 1.2816, p975: 1.96 };

function quantiles(valueC: number, leadHours: number, known: boolean) {
  const levels = Object.keys(quantileLevels) as (keyof typeof quantileLevels)[];
  const at = (level: keyof typeof quantileLevels) => hundredths(valueC + spreadC(leadHours) * normalQuantiles[level]);
  return {
    valueC,
    ...(Object.fromEntries(levels.map((level) => [level, known ? at(level) : null])) as Record<
      keyof typeof quantileLevels,
      number | null
    >),
  };
}

const months = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1), Date.UTC(2026, 2, 1)];

function addEvaluation(rows: Rows, place: Place, from: number, to: number): void {
  for (const variable of variables) {
    for (const [model, factor] of Object.entries(errorFactors) as [ModelName, number][]) {
      for (let leadHours = 1; leadHours <= 72; leadHours++) {
        for (const month of months) {
          const mae = maeC(model, factor, variable, leadHours) * (1 + 0.1 * jitter(month / day + leadHours));
          rows.scores.push({
            stationId: place.stationId,
            variable,
            model,
            leadHours,
            month,
            n: 200 - leadHours,
            mae: hundredths(mae),
            bias: hundredths(0.2 * jitter(leadHours + factor)),
            rmse: hundredths(mae * 1.27),
          });
        }
      }
      if (model === "mixture" || model === "persistence") addLiveScores(rows, place, model, factor, variable);
      if (model !== "mixture" && model !== "persistence" && model !== "rls") continue;
      for (const leadHours of reportedLeads) {
        for (let time = from + 25 * hour, n = 25; time <= to; time += 25 * hour, n += 25) {
          const error =
            maeC(model, factor, variable, leadHours) * (1 + 0.3 * jitter(time / day + leadHours)) * (1 + 2 / (n / 25));
          const fill = 1 - 0.9 ** n;
          rows.ewmae.push({
            stationId: place.stationId,
            variable,
            model,
            leadHours,
            time,
            n,
            validation: hundredths(error * fill),
            training: hundredths(error * fill * 0.93),
            validationCorrected: hundredths(error),
            trainingCorrected: hundredths(error * 0.93),
            validationSlow: hundredths(error * 1.02),
          });
        }
      }
    }
  }
}

/** Scores of what was made on time since the fixture went live, three weeks ago. */
function addLiveScores(rows: Rows, place: Place, model: "mixture" | "persistence", factor: number, variable: Variable) {
  const isOfficial = /^[KP]/.test(place.icao ?? "");
  for (let leadHours = 1; leadHours <= 72; leadHours++) {
    const mae = hundredths(maeC(model, factor, variable, leadHours) * 1.02);
    const errors = {
      leadHours,
      month: months.at(-1)!,
      n: 190 - leadHours,
      mae,
      bias: 0.05,
      rmse: hundredths(mae * 1.27),
    };
    const key = { stationId: place.stationId, variable };
    rows.liveScores.push({ ...key, model, paired: false, ...errors });
    if (!isOfficial) continue;
    rows.liveScores.push({ ...key, model, paired: true, ...errors });
    if (model === "mixture") {
      rows.liveScores.push({ ...key, model: "official", paired: true, ...errors, mae: hundredths(mae * 0.9) });
    }
  }
}

/** The weather service's own forecasts, which only US stations have: two, the newer one the hour before the newest. */
function addOfficialForecasts(rows: Rows, place: Place, newest: number): void {
  if (!place.icao?.startsWith("K") && !place.icao?.startsWith("P")) return;
  for (const issuedTime of [newest - 7 * hour, newest - hour]) {
    for (let leadHours = 1; leadHours <= 72; leadHours++) {
      const temperatureC = hundredths(
        fixtureTemperature(place, issuedTime + leadHours * hour) + spreadC(leadHours) * 0.3,
      );
      const key = { stationId: place.stationId, issuedTime, leadHours };
      const values = { temperatureC, dewPointC: hundredths(temperatureC - 4) };
      const times = { generatedTime: issuedTime + 20 * 60_000, updateTime: issuedTime - 2 * hour };
      rows.officialForecasts.push({ ...key, ...times, ...values });
      rows.learnedOfficial.push({ ...key, ...values });
    }
  }
}

/** Errors by hour of the day, calibration and expert weights, which only reported leads have; and one alarm. */
function addDetails(rows: Rows, place: Place, from: number, to: number): void {
  const { stationId } = place;
  for (const variable of variables) {
    for (const leadHours of reportedLeads) {
      for (const month of months) {
        for (let hourOfDay = 0; hourOfDay < 24; hourOfDay++) {
          for (const [model, factor] of [
            ["mixture", 1],
            ["persistence", 1.9],
          ] as const) {
            const mae = hundredths(maeC(model, factor, variable, leadHours) * (1 + 0.4 * Math.sin(hourOfDay / 4)));
            const errors = { n: 8, mae, bias: 0.1, rmse: hundredths(1.3 * mae) };
            rows.scoresByHour.push({ stationId, variable, model, leadHours, month, hourOfDay, ...errors });
          }
        }
        if (!place.quantiles) continue;
        const [belowP025, belowP10, belowP25, belowP50, belowP75, belowP90, belowP975, aboveP975] = [
          6, 16, 29, 50, 49, 28, 15, 7,
        ] as const;
        const crps = hundredths(maeC("mixture", 1, variable, leadHours) * 0.72);
        const counts = { belowP025, belowP10, belowP25, belowP50, belowP75, belowP90, belowP975, aboveP975 };
        const [pinballP025, pinballP10, pinballP25, pinballP50, pinballP75, pinballP90, pinballP975] = [
          0.1, 0.3, 0.5, 0.6, 0.5, 0.3, 0.1,
        ].map((share) => hundredths(share * crps));
        const losses = { pinballP025, pinballP10, pinballP25, pinballP50, pinballP75, pinballP90, pinballP975 };
        const calibration = { stationId, variable, leadHours, month, n: 200, crps, ...counts, ...losses };
        rows.calibration.push(calibration);
        for (let hourOfDay = 0; hourOfDay < 24; hourOfDay++) rows.calibrationByHour.push({ ...calibration, hourOfDay });
      }
      for (let time = from; time <= to; time += 7 * day) {
        const share = hundredths(0.4 + 0.2 * Math.sin(time / day / 9));
        rows.expertWeights.push(
          { stationId, variable, model: "rls", leadHours, time, weight: share },
          { stationId, variable, model: "blend", leadHours, time, weight: hundredths(0.8 - share) },
          { stationId, variable, model: "persistence", leadHours, time, weight: 0.2 },
        );
      }
    }
  }
  rows.alarms.push({ stationId, variable: "temperature", time: to - 5 * day, side: "forecasts too low" });
}

/** Paired losses of every day scored, and the worst misses of a few. */
function addDays(rows: Rows, { stationId, quantiles }: Place, from: number, to: number): void {
  for (const variable of variables)
    for (const leadHours of reportedLeads)
      for (let time = from; time <= to; time += day) {
        const weather = 1 + 0.5 * jitter(time / day + leadHours);
        const publishedMae = hundredths(maeC("mixture", 1, variable, leadHours) * weather);
        for (const model of rivals) {
          const factor = errorFactors[model];
          if (factor === undefined) continue; // no official forecast
          const mae = maeC(model, factor, variable, leadHours) * weather;
          const paired = { n: 24, mae: hundredths(mae + 0.2 * jitter(time / day + mae)), publishedMae };
          rows.dailyLosses.push({ stationId, variable, leadHours, model, day: time, ...paired });
        }
        if ((time - from) % (9 * day) !== 0) continue;
        const validTime = time + 15 * hour;
        const forecastC = hundredths(10 * jitter(time / day + 3));
        const observedC = hundredths(forecastC - 3 * publishedMae * (time % (2 * day) === 0 ? 1 : -1));
        const half = quantiles ? hundredths(2 * publishedMae) : null;
        const bounds = { p025: half && hundredths(forecastC - half), p975: half && hundredths(forecastC + half) };
        rows.worstMisses.push({ stationId, variable, leadHours, validTime, forecastC, observedC, ...bounds });
      }
}

/** Persistence is the best an hour ahead, so that the pages have something to own up to. */
function maeC(model: ModelName, factor: number, variable: Variable, leadHours: number): number {
  const known = model === "persistence" && leadHours === 1 ? 0.9 : factor;
  return (variable === "dewPoint" ? 0.9 : 1) * known * (0.4 + 0.5 * Math.sqrt(leadHours) * 0.8);
}

/** A history read in bulk, and the newest two hours, each seen and learned by a run of its own. */
function addLedger(rows: Rows, { stationId }: Place, from: number, to: number): void {
  const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
  let hash = "";
  for (const [i, time] of [to - 2 * hour, to - hour, to].entries()) {
    const entry = {
      ...{ stationId, entry: i + 1, time: time + 9 * 60_000, runId: `run ${69 + i}`, seen: i === 0 ? 1900 : 2 },
      ...{ seenDigest: digestOf(`seen ${stationId} ${time}`), snapshotIds: digestOf(`snapshot ${stationId} ${time}`) },
      ...{ issuedFrom: i === 0 ? from : time, issuedThrough: time, issued: i === 0 ? (time - from) / hour + 1 : 1 },
      ...{ issuesDigest: digestOf(`issues ${stationId} ${time}`), taken: 0, takenDigest: digestOf("") },
    };
    hash = hashOf(hash, entry);
    rows.ledger.push({ ...entry, hash });
    if (i === 0) continue;
    const validTime = time;
    const value = rows.hours.find((row) => row.stationId === stationId && row.validTime === validTime)?.temperatureC;
    if (value != null)
      rows.ledgerValues.push({
        ...{ stationId, entry: i + 1, validTime, variable: "temperature", value, source: "awc" },
        seenTime: entry.time,
      });
  }
}

function addChain(rows: Rows, place: Place, from: number, to: number): void {
  const configDigest = createHash("sha256").update("config").digest("hex");
  let parentId: string | null = null;
  for (let throughTime = from + 4 * day; throughTime <= to; throughTime += 4 * day) {
    const snapshotId: string = createHash("sha256").update(`${place.stationId}${throughTime}${parentId}`).digest("hex");
    const hoursDigest = createHash("sha256").update(`${place.stationId}${throughTime}`).digest("hex");
    const hoursConsumed = (throughTime - from) / hour + 1;
    rows.snapshots.push({
      snapshotId,
      parentId,
      stationId: place.stationId,
      throughTime,
      hoursConsumed,
      hoursDigest,
      configDigest,
      stateBytes: 262_144,
      kept: throughTime > to - 12 * day,
    });
    parentId = snapshotId;
  }
  const features = featureNames.slice(0, 30);
  for (const { snapshotId, throughTime } of rows.snapshots.filter(
    (row) => row.kept && row.stationId === place.stationId,
  ))
    for (const variable of variables) {
      for (let leadHours = 1; leadHours <= 72; leadHours++) {
        features.forEach((feature, i) => {
          const usual =
            feature === "T₋0" ? 8 * Math.exp(-leadHours / 18) : 2 * Math.sin(i + leadHours / 12) * Math.exp(-i / 8);
          const weight = hundredths(usual * (1 - (to - throughTime) / day / 50));
          rows.weights.push({ stationId: place.stationId, snapshotId, variable, leadHours, feature, weight });
        });
      }
    }
  rows.quarantine.push(
    {
      stationId: place.stationId,
      source: "ghcnh",
      file: `GHCNh_${place.stationId}_2026.psv`,
      row: 114,
      reportTime: to - 40 * hour,
      schema: "clean",
      column: "temperature",
      check: "physical range",
      value: "99.9",
      severity: "error",
      seenTime: to,
    },
    {
      stationId: place.stationId,
      source: "ghcnh",
      file: `GHCNh_${place.stationId}_2026.psv`,
      row: 208,
      reportTime: null,
      schema: "raw",
      column: "temperature_Quality_Code",
      check: "quality",
      value: "<script>alert(1)</script>",
      severity: "error",
      seenTime: to,
    },
  );
}
