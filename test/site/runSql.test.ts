import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, test, vi } from "vitest";
import { withPublished } from "../../src/pipeline/api/openPublished.js";
import { runSql } from "../../src/site/runSql.js";
import { fixtureApi } from "../support/fixtureApi.js";
import { fixtureTime } from "../support/publishedFixture/fixturePlaces.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const api = await fixtureApi();
const folder = await temporaryFolder();
vi.stubEnv("ISOTHERM_HOME", api.home);
afterAll(() => {
  vi.unstubAllEnvs();
});

async function answer(name: string, sql: string, parameters?: Record<string, string>): Promise<Buffer> {
  const file = join(folder, name);
  await writeFile(file, sql);
  return withPublished((published) => runSql(published, file, parameters), api.home);
}
const json = async (sql: string, parameters?: Record<string, string>) =>
  JSON.parse((await answer("query.json.sql", sql, parameters)).toString());

describe("a query in a file", () => {
  test("is answered from the published tables, with times as milliseconds or as they are stored", async () => {
    const sql = `SELECT s.icao, s.newestObservedTime AS ms, t.newestObservedTime AS iso
      FROM stations AS s JOIN stored.stations AS t USING (stationId) WHERE s.icao IN ('KATL', 'KSEA') ORDER BY ALL`;
    expect(await json(sql)).toEqual([
      { icao: "KATL", ms: fixtureTime, iso: "2026-03-09T18:00:00Z" },
      { icao: "KSEA", ms: null, iso: null },
    ]);
  });

  test("may end with a semicolon or a comment", async () => {
    for (const end of ["", ";", " ;\n-- that was all\n", "\n-- that was all"])
      expect(await json(`-- a question\nSELECT 1 AS a${end}`)).toEqual([{ a: 1 }]);
  });

  test("keeps its order and its integers", async () => {
    expect(await json("SELECT range AS n, sum(range) OVER () AS sum FROM range(3) ORDER BY n DESC")).toEqual(
      [2, 1, 0].map((n) => ({ n, sum: 3 })),
    );
  });

  test("gets the route parameters that it names, and no others", async () => {
    const sql = "SELECT name FROM stations WHERE icao = $station";
    expect(await json(sql, { station: "PANC", other: "x" })).toEqual([{ name: "ANCHORAGE INTL AP" }]);
    expect(await json(sql)).toEqual([]);
  });

  test("may have an empty answer", async () => {
    expect(await json("FROM stations WHERE false")).toEqual([]);
    expect((await answer("none.csv.sql", "SELECT icao, name FROM stations WHERE false")).toString()).toBe(
      "icao,name\n",
    );
  });

  test("is answered as CSV and as Parquet too", async () => {
    const sql = "SELECT icao, newestIssuedTime FROM stored.stations WHERE icao IN ('KATL', 'KSEA') ORDER BY icao";
    expect((await answer("some.csv.sql", sql)).toString()).toBe(
      "icao,newestIssuedTime\nKATL,2026-03-09T18:00:00Z\nKSEA,\n",
    );
    const file = join(folder, "some.parquet");
    await writeFile(file, await answer("some.parquet.sql", sql));
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const rows = await connection.runAndReadAll(`SELECT icao, epoch_ms(newestIssuedTime)::DOUBLE AS ms FROM '${file}'`);
    expect(rows.getRowsJS()).toEqual([
      ["KATL", fixtureTime],
      ["KSEA", null],
    ]);
    connection.closeSync();
    instance.closeSync();
  });

  test.each([
    ["an unknown column", "SELECT\n  nonsense FROM stations", /query\.json\.sql: .*"nonsense" not found[\s\S]*LINE 2:/],
    ["invalid SQL", "-- why\n\nSELEKT 1", /query\.json\.sql: .*syntax error[\s\S]*LINE 3:/],
    ["an error while it runs", "SELECT name::INTEGER FROM stations", /query\.json\.sql: Conversion Error/],
    ["two statements", "SELECT 1; SELECT 2", /query\.json\.sql: .*multiple statements/],
    ["nothing at all", "-- later\n", /query\.json\.sql: /],
    ["NaN", "SELECT 'nan'::DOUBLE AS a", /query\.json\.sql: a number in the answer is NaN/],
  ])("fails on %s, with the file and the position", async (_, sql, message) => {
    await expect(json(sql)).rejects.toThrow(message);
  });

  test("must have the format of its answer in its name", async () => {
    for (const name of ["query.sql", "query.xlsx.sql"])
      await expect(answer(name, "SELECT 1")).rejects.toThrow(`${name}: its name must end in .json.sql, .csv.sql or`);
  });
});

test("the coldest nights are those of the hours published", async () => {
  const nights: Record<string, unknown>[] = JSON.parse(
    (await withPublished((published) => runSql(published, "src/queries/coldest-nights.json.sql"), api.home)).toString(),
  );
  const hours = await withPublished(
    ({ query }) =>
      query<{ stationId: string; low: number }>(
        "SELECT stationId, min(temperatureC) AS low FROM hours GROUP BY stationId ORDER BY low",
      ),
    api.home,
  );
  expect(nights.map(({ coldestC }) => coldestC)).toEqual(hours.map(({ low }) => low));
  // KSEA has no data.
  expect(nights.map(({ station }) => station)).toEqual(["AYM00089009", "PANC", "KATL", "VABB"]);
  for (const { usualC, coldestC, nights: n } of nights) {
    expect(usualC).toBeGreaterThan(coldestC as number);
    expect(n).toBeGreaterThanOrEqual(39);
  }
});

test("the leading experts are those with the largest weights, without gaps between them", async () => {
  interface Turn {
    station: string;
    leadHours: number;
    model: string;
    fromTime: number;
    untilTime: number;
  }
  const [turns, weights] = await withPublished(
    async (published) => [
      JSON.parse((await runSql(published, "src/queries/leading-experts.json.sql")).toString()) as Turn[],
      await published.query<{ model: string; time: number; weight: number }>(
        "SELECT model, time, weight FROM expertWeights JOIN stations USING (stationId) WHERE icao = 'KATL' AND variable = 'temperature' AND leadHours = 24",
      ),
    ],
    api.home,
  );
  const own = turns.filter(({ station, leadHours }) => station === "KATL" && leadHours === 24);
  expect(own.length).toBeGreaterThan(0);
  for (const [i, { model, fromTime, untilTime }] of own.entries()) {
    if (i > 0) expect([fromTime, model === own[i - 1]!.model]).toEqual([own[i - 1]!.untilTime, false]);
    const largest = Math.max(...weights.filter(({ time }) => time === fromTime).map(({ weight }) => weight));
    const led = weights.find((row) => row.time === fromTime && row.model === model)!;
    expect(led.weight).toBe(largest);
    expect(untilTime).toBeGreaterThan(fromTime);
  }
});

test("the error by wind counts every scored day with a known wind once", async () => {
  const [classes, days] = await withPublished(
    async (published) => [
      JSON.parse((await runSql(published, "src/queries/error-by-wind.json.sql")).toString()) as {
        leadHours: number;
        days: number;
      }[],
      await published.query<{ n: number }>(
        `SELECT count(DISTINCT (stationId, d.day))::DOUBLE AS n FROM stored.dailyLosses d JOIN stored.learnedHours h USING (stationId)
         WHERE variable = 'temperature' AND leadHours = 24 AND model = 'persistence' AND windSpeedMs IS NOT NULL
           AND h.validTime >= d.day AND h.validTime < d.day + INTERVAL 1 DAY`,
      ),
    ],
    api.home,
  );
  const dayAhead = classes.filter(({ leadHours }) => leadHours === 24);
  expect(dayAhead.reduce((sum, row) => sum + row.days, 0)).toBe(days[0]!.n);
});

/** Framework's class that finds and runs loaders; it is not exported. */
interface LoaderResolver {
  find(path: string): { load(options?: object, effects?: object): Promise<string> } | undefined;
}

describe("as a loader of Framework", async () => {
  const quiet = { logger: { log() {} }, output: { write() {} } };
  const root = await temporaryFolder();
  await mkdir(join(root, "real"));
  await symlink(join(root, "real"), join(root, "queries"));
  const dist = "node_modules/@observablehq/framework/dist/loader.js";
  const { LoaderResolver } = await import(pathToFileURL(resolve(dist)).href);
  const { interpreters } = (await import("../../observablehq.config.js")).default;
  const loaders: LoaderResolver = new LoaderResolver({ root, interpreters });
  const load = async (path: string) => readFile(join(root, await loaders.find(path)!.load({}, quiet)), "utf8");

  test("runs by the name of its answer, also through links, and again after an edit", async () => {
    const file = join(root, "real", "one.csv.sql");
    await writeFile(file, "SELECT 1 AS a");
    expect(await load("/queries/one.csv")).toBe("a\n1\n");
    await writeFile(file, "SELECT 2 AS a");
    await utimes(file, 4e9, 4e9);
    expect(await load("/queries/one.csv")).toBe("a\n2\n");
  });

  test("takes parameters from the route", async () => {
    await writeFile(join(root, "real", "[station].json.sql"), "SELECT name FROM stations WHERE icao = $station");
    expect(JSON.parse(await load("/queries/KSEA.json"))).toEqual([{ name: "SEATTLE TACOMA AP" }]);
  });

  test("fails the build with its name and DuckDB's message", async () => {
    const file = join(root, "real", "bad.json.sql");
    await writeFile(file, "SELECT\n  nonsense FROM hours");
    await expect(load("/queries/bad.json")).rejects.toThrow("loader exited with code 1");
    const run = promisify(execFile)(process.execPath, ["--import", "tsx", "src/site/runSql.ts", file]);
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/bad\.json\.sql: Binder Error: .*"nonsense"[\s\S]*LINE 2: {3}nonsense FROM hours/);
    expect(stderr).not.toContain("at ");
  });
});
