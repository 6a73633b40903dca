import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { featureNames } from "../../../src/model/features/features.js";
import { pointFeatureNames } from "../../../src/model/features/networkFeatures.js";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import { stationModels } from "../../../src/pipeline/api/stationModel.js";
import { stationSummaries } from "../../../src/pipeline/api/stations.js";
import { status } from "../../../src/pipeline/api/status.js";
import { writeApi } from "../../../src/pipeline/api/writeApi.js";
import { writeEvaluations } from "../../../src/pipeline/api/writeEvaluations.js";
import type { ForecastRow } from "../../../src/shared/published/forecastTables.js";
import type { HourRow } from "../../../src/shared/published/observationTables.js";
import type { ScoreRow } from "../../../src/shared/published/scoreTables.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { type FixtureApi, fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";
import { writePublishedFixture } from "../../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const atlanta = "USW00013874";
let api: FixtureApi;
let hours: HourRow[];
let forecasts: ForecastRow[];
let scores: ScoreRow[];

beforeAll(async () => {
  api = await fixtureApi();
  await withPublished(async ({ query }) => {
    hours = await query("FROM hours WHERE stationId = $atlanta", { atlanta });
    forecasts = await query("FROM forecasts WHERE stationId = $atlanta", { atlanta });
    scores = await query("FROM scores WHERE stationId = $atlanta", { atlanta });
  }, api.home);
});

describe("the list of stations", () => {
  test("has the ICAO code of each station as its key, or its identifier without one", () => {
    expect(api.stations.map(({ key }) => key)).toEqual(["AYM00089009", "KATL", "KSEA", "PANC", "VABB"]);
  });

  test("has the low of the next night and the high of the next day, with their hours", () => {
    const newest = forecasts.filter(
      (row) => row.issuedTime === fixtureTime && row.model === "mixture" && row.variable === "temperature",
    );
    const atl = api.stations.find(({ key }) => key === "KATL")!;
    const next = (kind: "low" | "high") => {
      const window = api.forecasts.KATL!.extremes.find((one) => one.kind === kind)!;
      const sign = kind === "low" ? -1 : 1;
      const hour = newest
        .map(({ leadHours, valueC }) => ({ time: fixtureTime + leadHours * hourMs, valueC }))
        .filter(({ time }) => time >= window.startTime && time <= window.endTime)
        .reduce((best, row) => (sign * row.valueC > sign * best.valueC ? row : best));
      return [window.p50, hour.time];
    };
    expect([atl.lowC, atl.lowTime]).toEqual(next("low"));
    expect([atl.highC, atl.highTime]).toEqual(next("high"));
    expect(atl.temperatureC).toBe(hours.find(({ validTime }) => validTime === fixtureTime)!.temperatureC);
  });

  test("weights the errors of months by their number of forecasts", () => {
    const mae = (model: string) => {
      const rows = scores.filter(
        (row) => row.model === model && row.variable === "temperature" && row.leadHours === 24,
      );
      return rows.reduce((sum, row) => sum + row.mae * row.n, 0) / rows.reduce((sum, row) => sum + row.n, 0);
    };
    const atl = api.stations.find(({ key }) => key === "KATL")!;
    expect(Math.abs(atl.mae24C! - mae("mixture"))).toBeLessThan(0.000_501);
    const skill = 1 - mae("mixture") / Math.min(mae("persistence"), mae("seasonalNaive"));
    expect(Math.abs(atl.skill24! - skill)).toBeLessThan(0.000_050_1);
  });

  test("has nulls for a station without data", () => {
    const empty = api.stations.find(({ key }) => key === "KSEA")!;
    for (const field of ["temperatureC", "lowC", "highC", "mae24C", "skill24", "newestObservedTime"] as const)
      expect(empty[field], field).toBeNull();
  });

  test("has unique keys when two stations share an ICAO code", async () => {
    const rows = await withPublished(async (published) => {
      await published.query("CREATE TABLE twice AS SELECT * REPLACE ('KATL' AS icao) FROM stations");
      const query: typeof published.query = (sql, values) =>
        published.query(sql.replaceAll("stations", "twice"), values);
      return stationSummaries({ ...published, query });
    }, api.home);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(api.stations.length);
  });
});

describe("a station's forecast", () => {
  test("is the newest one, with its quantiles and the observations of the 13 days before", () => {
    const atl = api.forecasts.KATL!;
    const expected = forecasts.filter(
      (row) => row.issuedTime === fixtureTime && row.model === "mixture" && row.variable === "dewPoint",
    );
    expect(atl.forecast.dewPoint.map(({ leadHours }) => leadHours)).toEqual(
      Array.from({ length: 72 }, (_, i) => i + 1),
    );
    for (const { leadHours, valueC, p025, p975, validTime } of atl.forecast.dewPoint) {
      const row = expected.find((other) => other.leadHours === leadHours)!;
      expect([valueC, p025, p975, validTime]).toEqual([
        row.valueC,
        row.p025,
        row.p975,
        fixtureTime + leadHours * hourMs,
      ]);
    }
    expect(atl.observed).toHaveLength(13 * 24);
    expect(atl.observed.at(-1)).toEqual({ validTime: fixtureTime, temperature: 18.14, dewPoint: expect.any(Number) });
    expect(atl.observed.filter(({ temperature }) => temperature === null)).toHaveLength(7);
  });

  test("has joint draws of it, and answers that they give", () => {
    const { joint, forecast, issuedTime } = api.forecasts.KATL!;
    const ranks = Buffer.from(joint!.ranks, "base64");
    for (const lead of [1, 72]) {
      const own = Array.from({ length: joint!.draws }, (_, draw) => ranks[draw * 72 + lead - 1]!);
      expect(own.sort((a, b) => a - b)).toEqual(own.map((_, rank) => rank));
    }
    const mean = joint!.answers.find(({ question }) => question === "dayMean")!;
    const hoursOfDay = forecast.temperature.filter(
      ({ validTime }) => validTime >= mean.startTime && validTime <= mean.endTime,
    );
    const meanOf = (name: "p10" | "p50" | "p90") => hoursOfDay.reduce((sum, hour) => sum + hour[name]!, 0) / 24;
    // Hours that go their own ways make the mean of a day surer than each of them.
    expect(hoursOfDay).toHaveLength(24);
    expect(mean.median).toBeCloseTo(meanOf("p50"), 0);
    expect(mean.lower).toBeGreaterThan(meanOf("p10"));
    expect(mean.upper).toBeLessThan(meanOf("p90"));
    const change = joint!.answers.find(({ question }) => question === "highChange")!;
    expect(change.odds! > 0.5).toBe(change.median > 0);
    expect(change.record).toMatchObject({ n: 300, inside80: 0.81, commonBrier: 0.27 });
    expect([change.startTime > issuedTime!, api.forecasts.AYM00089009!.joint]).toEqual([true, null]);
  });

  test("has the wind, pressure and cloud of the newest observed hour, without what is missing", () => {
    const pressureAt = (time: number) => Math.round(100 * (1013 + 6 * Math.sin(time / dayMs / 1.7 + 2))) / 100;
    const [now, before] = [fixtureTime, fixtureTime - 3 * hourMs].map(pressureAt) as [number, number];
    const { pressureChangeHpa, ...conditions } = api.forecasts.KATL!.conditions!;
    expect(conditions).toEqual({
      validTime: fixtureTime,
      windSpeedMs: expect.any(Number),
      windDirectionDeg: null,
      seaLevelPressureHpa: now,
      cloudCoverOktas: expect.any(Number),
    });
    expect(pressureChangeHpa).toBeCloseTo(now - before, 1);
    expect(api.forecasts.KSEA!.conditions).toBeNull();
  });

  test("lists the baselines separately", () => {
    const { baselines } = api.forecasts.KATL!;
    expect(new Set(baselines.map(({ model }) => model))).toEqual(
      new Set(["climatology", "persistence", "seasonalNaive", "nbm", "nws"]),
    );
    expect(baselines.map(({ valueC }) => valueC.length)).toEqual(Array(5 * 2).fill(72));
  });

  test("lists the newest run of each source of guidance", () => {
    const times = { runTime: fixtureTime - 3 * hourMs, publicTime: fixtureTime - 40 * minuteMs, imported: false };
    expect(api.forecasts.KATL!.guidance).toEqual(["nbm", "nws"].map((name) => ({ model: name, name, ...times })));
    expect(api.forecasts.PANC!.guidance.map(({ name }) => name)).toEqual(["nws"]);
    expect(api.forecasts.VABB!.guidance).toEqual([]);
  });

  test("has null quantiles without intervals, and is empty without observations", () => {
    expect(api.forecasts.AYM00089009!.forecast.temperature.every(({ p10, p90 }) => p10 === null && p90 === null)).toBe(
      true,
    );
    const { observed, forecast, baselines, errors, issuedTime } = api.forecasts.KSEA!;
    expect([observed, forecast.temperature, baselines, errors, issuedTime]).toEqual([[], [], [], [], null]);
  });
});

describe("a station's evaluation", () => {
  test("has every lead of every scored model, and the period", () => {
    const { scores, period } = api.evaluations.KATL!;
    expect(scores.map(({ leadHours }) => leadHours.length)).toEqual(Array(2 * 9).fill(72));
    expect(period).toEqual({
      name: "all",
      firstMonth: Date.UTC(2026, 0),
      lastMonth: Date.UTC(2026, 2),
      through: fixtureTime,
    });
  });

  test("has a file for each period, and leaves out the spin-up unless the period is all months", async () => {
    const byPeriod = api.evaluationsOf.KATL!;
    expect([...byPeriod.keys()]).toEqual(["since-spin-up", "all", "last-12-months", "2026"]);
    const hours = (period: string, model: string) => {
      const score = byPeriod.get(period)!.scores.find((row) => row.variable === "temperature" && row.model === model)!;
      return score.n[0]!;
    };
    const [all, later] = [hours("all", "mixture"), hours("since-spin-up", "mixture")];
    // Trained since 28 January, so that March is the first month after four weeks.
    for (const name of ["since-spin-up", "last-12-months", "2026"]) {
      const { period, spinUp, worst } = byPeriod.get(name)!;
      expect(period).toMatchObject({ name, firstMonth: Date.UTC(2026, 2) });
      expect(spinUp).toEqual({ until: Date.UTC(2026, 2), hours: all - later });
      expect(Math.min(...worst.map(({ validTime }) => validTime))).toBeGreaterThanOrEqual(Date.UTC(2026, 2));
    }
    const { spinUp, scores, byMonth } = byPeriod.get("all")!;
    expect(spinUp).toBeNull();
    const months = byMonth.find((row) => row.variable === "temperature" && row.leadHours === 1)!;
    expect(months.month).toEqual([0, 1, 2].map((month) => Date.UTC(2026, month)));
    expect(months.n.reduce((a, b) => a + b)).toBe(all);
    const own = scores.find((row) => row.variable === "temperature" && row.model === "mixture")!;
    const [summed] = await withPublished(
      ({ query }) =>
        query<{ n: number; mae: number }>(
          `SELECT sum(n) AS n, sum(n * mae) / sum(n) AS mae FROM scores
           WHERE stationId = 'USW00013874' AND variable = 'temperature' AND model = 'mixture' AND leadHours = 24`,
        ),
      api.home,
    );
    expect([own.n[23], own.maeC[23]]).toEqual([summed!.n, Math.round(summed!.mae * 1000) / 1000]);
  });

  test("has the difference from each baseline, from daily errors", () => {
    const { differences } = api.evaluations.KATL!;
    // The fixture has guidance of dew point for 40 days, and of temperature for too few.
    expect(differences).toHaveLength(2 * 7 * 5 + 2 * 7);
    for (const source of ["nbm", "nws"])
      expect(differences.filter(({ model }) => model === source).map(({ variable, days }) => [variable, days])).toEqual(
        Array(7).fill(["dewPoint", 40]),
      );
    const sgd = differences.find(
      (row) => row.variable === "temperature" && row.model === "sgd" && row.leadHours === 24,
    )!;
    expect(sgd).toMatchObject({ days: 68, n: 68 * 24 });
    // In the fixture, errors of sgd are 1.4 times as large.
    expect(sgd.skill).toBeCloseTo(1 - 1 / 1.4, 1);
    expect(sgd.skillLow).toBeLessThan(sgd.skill);
    expect(sgd.differenceHigh).toBeLessThan(0);
  });

  test("lists the worst misses, the worst first", () => {
    const misses = api.evaluations.KATL!.worst.filter((row) => row.variable === "temperature" && row.leadHours === 24);
    const off = misses.map(({ forecastC, observedC }) => Math.abs(forecastC - observedC));
    expect(misses).toHaveLength(8);
    expect(off).toEqual([...off].sort((a, b) => b - a));
  });

  test("agrees with the evaluation of all stations", () => {
    const { keys, scores, periods } = api.scores.get("2026")!;
    expect(keys).toEqual(api.stations.map(({ key }) => key));
    expect(periods).toEqual(["since-spin-up", "all", "last-12-months", "2026"]);
    const day = scores.find((row) => row.variable === "temperature" && row.leadHours === 24)!;
    const { scores: ofYear } = api.evaluationsOf.KATL!.get("2026")!;
    const own = ofYear.find((row) => row.variable === "temperature" && row.model === "mixture")!;
    expect(day.maeC[keys.indexOf("KATL")]).toBe(own.maeC[23]);
    expect(day.n[keys.indexOf("KSEA")]).toBeNull();
  });

  test("is small enough to load at every change of station", () => {
    for (const evaluation of Object.values(api.evaluations))
      expect(gzipSync(JSON.stringify(evaluation)).length).toBeLessThan(40_000);
  });

  test("of a closed period is copied from the folder published before, unless its scores have changed", async () => {
    const january = { name: "january", from: Date.UTC(2026, 0), to: Date.UTC(2026, 1) };
    const open = { name: "open", from: Date.UTC(2026, 0), to: Date.UTC(2027, 0) };
    const [first, previous, next] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const writeTo = (folder: string, from: string | null) =>
      withPublished(async (published) => {
        const atlantaOnly = (await stationSummaries(published)).filter(({ stationId }) => stationId === atlanta);
        await writeEvaluations(published, atlantaOnly, { periods: [january, open], folder, previous: from });
      }, api.home);
    const file = (folder: string, period: string) => join(folder, "api", "KATL", "evaluation", `${period}.json`);
    const read = async (folder: string, period: string) => JSON.parse(await readFile(file(folder, period), "utf8"));
    await writeTo(first, null);
    const own = await read(first, "january");
    const [closing] = await withPublished(
      ({ query }) =>
        query<{ id: string }>(
          `SELECT arg_min(snapshotId, throughTime) AS id FROM snapshots
           WHERE stationId = '${atlanta}' AND throughTime >= ${january.to - hourMs}`,
        ),
      api.home,
    );
    expect([own.closedBy, (await read(first, "open")).closedBy]).toEqual([closing!.id, null]);
    for (const period of ["january", "open"]) {
      await mkdir(join(previous, "api", "KATL", "evaluation"), { recursive: true });
      await writeFile(file(previous, period), JSON.stringify({ ...(await read(first, period)), scores: [] }));
    }
    await writeTo(next, previous);
    expect(await read(next, "january")).toEqual({ ...own, scores: [] });
    expect(await read(next, "open")).toEqual(await read(first, "open"));
    for (const change of [{ closedBy: "another" }, { schemaVersion: 1 }]) {
      await writeFile(file(previous, "january"), JSON.stringify({ ...own, scores: [], ...change }));
      await writeTo(next, previous);
      expect(await read(next, "january")).toEqual(own);
    }
    await writeFile(file(previous, "january"), "{");
    await writeTo(next, previous);
    expect(await read(next, "january")).toEqual(own);
  });

  test("is empty without scores", () => {
    expect(api.evaluations.KSEA).toMatchObject({ period: null, scores: [], worst: [] });
  });
});

describe("a station's model", () => {
  test("has the weights of each kept state: a row per feature, in the order of the model, with all leads", () => {
    const kept = api.models.KATL!.snapshots.filter((snapshot) => snapshot.kept);
    expect(api.weights.KATL!.map(({ snapshotId }) => snapshotId)).toEqual(kept.map(({ snapshotId }) => snapshotId));
    const { features, leads, rows } = api.weights.KATL!.at(-1)!.weights.temperature;
    expect(features).toEqual([...featureNames.slice(0, 30), ...pointFeatureNames]);
    expect(leads).toEqual(Array.from({ length: 72 }, (_, i) => i + 1));
    expect(rows[1]![0]).toBeCloseTo(8 * Math.exp(-1 / 18), 2);
  });

  test("has only the alarms of this station", () => {
    const [alarm, ...others] = api.models.KATL!.alarms;
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ variable: "temperature", side: "forecasts too low" });
  });

  test("has the chain of snapshots, each with its parent", () => {
    const { snapshots, chainLength } = api.models.KATL!;
    expect(snapshots.length).toBeGreaterThan(5);
    expect(chainLength).toBe(snapshots.length);
    expect(snapshots.map(({ parentId }) => parentId)).toEqual([
      null,
      ...snapshots.slice(0, -1).map(({ snapshotId }) => snapshotId),
    ]);
  });
});

describe("a long chain of snapshots", () => {
  test("lists the first, the ends of months, the kept and the newest; series are thinned, counted from the newest", async () => {
    const from = Date.UTC(2024, 0);
    const model = await withPublished(async (published) => {
      await published.query(`CREATE TABLE hourly AS SELECT 'x' || i AS snapshotId, if(i = 0, NULL, 'x' || (i - 1)) AS parentId,
        '${atlanta}' AS stationId, ${from} + i::DOUBLE * ${hourMs} AS throughTime, i::DOUBLE AS hoursConsumed, 'h' AS hoursDigest,
        'c' AS configDigest, 1::DOUBLE AS stateBytes, i IN (400, 4999) AS kept FROM range(5000) t(i)`);
      await published.query(`CREATE TABLE weekly AS SELECT * REPLACE (${from} + i::DOUBLE * 168 * ${hourMs} AS time)
        FROM (FROM expertWeights WHERE stationId = '${atlanta}' AND leadHours = 24 AND time = (SELECT min(time) FROM expertWeights
          WHERE stationId = '${atlanta}')), range(600) t(i)`);
      const query: typeof published.query = (sql, values) =>
        published.query(
          sql.replace("FROM snapshots", "FROM hourly").replace("FROM expertWeights", "FROM weekly"),
          values,
        );
      const [only] = await stationModels({ ...published, query }, [api.stations.find(({ key }) => key === "KATL")!]);
      return only!;
    }, api.home);
    const listed = model.snapshots.map(({ hoursConsumed }) => hoursConsumed);
    expect(model.chainLength).toBe(5000);
    const monthEnds = [31, 60, 91, 121, 152, 182].map((days) => days * 24 - 1);
    expect(listed).toEqual(
      [0, 400, ...monthEnds, ...Array.from({ length: 24 }, (_, i) => 4976 + i)].sort((a, b) => a - b),
    );
    const [series] = model.expertWeights.filter(({ variable }) => variable === "temperature");
    expect(series!.time).toHaveLength(200);
    expect(series!.time.at(-1)).toBe(from + 599 * 168 * hourMs);
    expect(series!.time[1]! - series!.time[0]!).toBe(3 * 168 * hourMs);
    expect(series!.weights.rls).toHaveLength(200);
  });
});

describe("a station's explanation", () => {
  test("starts from the newest observation and adds up exactly to the forecast at every lead", () => {
    const { issuedTime, variables } = api.explanations.KATL!;
    expect(issuedTime).toBe(fixtureTime);
    for (const variable of ["temperature", "dewPoint"] as const) {
      const { leads, forecastC, parts } = variables[variable];
      const issued = forecasts.filter(
        (row) => row.issuedTime === fixtureTime && row.model === "mixture" && row.variable === variable,
      );
      expect(leads).toEqual(Array.from({ length: 72 }, (_, i) => i + 1));
      expect(parts[0]!.part).toBe("now");
      for (const [i, lead] of leads.entries()) {
        const { valueC } = issued.find(({ leadHours }) => leadHours === lead)!;
        expect(forecastC[i]).toBe(valueC);
        expect(parts.reduce((sum, { hundredths }) => sum + hundredths[i]!, 0)).toBe(Math.round(valueC * 100));
      }
    }
  });

  test("has the forecast of each expert, and is empty without a forecast", () => {
    const { experts } = api.explanations.KATL!.variables.temperature;
    expect(experts.map(({ model }) => model)).toEqual(["persistence", "seasonalNaive", "climatology", "nbm", "nws"]);
    expect(experts[0]!.forecastC[0]).toBe(18.14);
    const { issuedTime, variables } = api.explanations.KSEA!;
    expect([issuedTime, variables.temperature.parts, variables.temperature.leads]).toEqual([null, [], []]);
  });
});

describe("files of the API", () => {
  test("status.json has the newest times", async () => {
    const { dataThrough, stations } = await withPublished((published) => status(published, api.stations), api.home);
    expect(dataThrough).toBe(fixtureTime);
    expect(stations.find(({ key }) => key === "PANC")!.newestObservedTime).toBe(fixtureTime - hourMs);
  });

  test("are not written when a table is missing", async () => {
    const home = await temporaryFolder();
    const manifest = await writePublishedFixture(home);
    await rm(join(home, "published", "scores.parquet"));
    await expect(writeApi(join(home, "published"), manifest)).rejects.toThrow("scores.parquet");
  });
});
