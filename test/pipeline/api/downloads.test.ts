import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import Papa from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FixtureApi, fixtureApi } from "../../support/fixtureApi.js";
import { finishPublished } from "../../support/publishedFixture/finishPublished.js";

let api: FixtureApi;
let dir: string;
beforeAll(async () => {
  api = await fixtureApi();
  await finishPublished(api.home);
  dir = join(api.home, "published");
});
const json = async (name: string) => JSON.parse(await readFile(join(dir, name), "utf8"));

describe("the JSON Schemas", () => {
  test("accept the files that they describe", async () => {
    const schema = async (name: string) => z.fromJSONSchema(await json(`api/schema/${name}.json`));
    const forecast = await schema("forecast");
    for (const { key } of api.stations) expect(forecast.parse(await json(`api/${key}.json`))).toBeTruthy();
    expect((await schema("stations")).parse(await json("api/stations.json"))).toHaveLength(5);
    expect((await schema("status")).parse(await json("status.json"))).toMatchObject({ buildId: null });
  });

  test("reject an invalid forecast, and allow additional fields", async () => {
    const forecast = z.fromJSONSchema(await json("api/schema/forecast.json"));
    const good = await json("api/KATL.json");
    expect(forecast.safeParse({ ...good, schemaVersion: 1 }).success).toBe(false);
    expect(forecast.safeParse({ ...good, observed: [{ validTime: "now" }] }).success).toBe(false);
    expect(forecast.safeParse({ ...good, more: 1 }).success).toBe(true);
  });
});

test("the CSV has the values of the forecast, and no rows without a forecast", async () => {
  const read = async (name: string) =>
    Papa.parse<Record<string, string>>(await readFile(join(dir, `api/${name}.csv`), "utf8"), {
      header: true,
      skipEmptyLines: true,
    });
  const { data } = await read("KATL");
  const { temperature, dewPoint } = api.forecasts.KATL!.forecast;
  expect(data.map((row) => [Number(row.valueC), Number(row.p025), Number(row.p975)])).toEqual(
    [...temperature, ...dewPoint].map(({ valueC, p025, p975 }) => [valueC, p025, p975]),
  );
  expect(data[0]).toMatchObject({
    station: "KATL",
    variable: "temperature",
    issuedTime: "2026-03-09T18:00:00Z",
    validTime: "2026-03-09T19:00:00Z",
    leadHours: "1",
  });
  expect((await read("AYM00089009")).data[0]).toMatchObject({ p10: "", p90: "" });
  expect((await read("KSEA")).data).toEqual([]);
  const { extremes } = api.forecasts.KATL!;
  const own = (await read("KATL/extremes")).data;
  expect(own.map(({ kind, p50, frost, heat }) => [kind, p50, frost, heat])).toEqual(
    extremes.map(({ kind, p50, frost, heat }) => [kind, String(p50), String(frost ?? ""), String(heat ?? "")]),
  );
  expect(own[0]).toMatchObject({ station: "KATL", kind: "high", issuedTime: "2026-03-09T18:00:00Z", heatC: "33" });
  expect((await read("KSEA/extremes")).data).toEqual([]);
});

test("hours.parquet has the observed hours of the station", async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(
    `SELECT epoch_ms(validTime)::DOUBLE AS validTime, temperatureC AS temperature, dewPointC AS "dewPoint"
     FROM '${join(dir, "api", "KATL", "hours.parquet")}' ORDER BY validTime`,
  );
  const { observed } = api.forecasts.KATL!;
  expect(rows.getRowObjectsJS().slice(-observed.length)).toEqual(observed);
  connection.closeSync();
  instance.closeSync();
});

test("the feed lists each alarm, weekly scorecard and newest night once, newest first", async () => {
  const feed = await json("feed.json");
  const alarms = Object.values(api.models).flatMap(({ alarms }) => alarms);
  expect(feed.version).toBe("https://jsonfeed.org/version/1.1");
  const ids: string[] = feed.items.map(({ id }: { id: string }) => id);
  const scorecards = ids.filter((id) => id.startsWith("urn:isotherm:scorecard:"));
  const nights = ids.filter((id) => id.startsWith("urn:isotherm:night:"));
  expect(ids).toHaveLength(alarms.length + scorecards.length + nights.length);
  const low = api.forecasts.KATL!.evenings.find(({ kind }) => kind === "low")!;
  const night = feed.items.find(({ id }: { id: string }) => id === "urn:isotherm:night:USW00013874:2026-03-08");
  expect(night.title).toBe(
    `KATL, night of 2026-03-08: low ${low.truthC!.toFixed(1)} °C, forecast ${low.p50.toFixed(1)}`,
  );
  expect(scorecards).toContain("urn:isotherm:scorecard:USW00013874:2026-W10");
  expect(feed.items[ids.indexOf(scorecards[0]!)].content_text).toMatch(
    /^Week to 2026-03-08 at .*, 24 h ahead: isotherm \d\.\d\d, .*persistence \d\.\d\d °C; best on \d of 7 days \(n = 168\)\.$/,
  );
  const dates: string[] = feed.items.map((item: { date_published: string }) => item.date_published);
  expect(dates).toEqual([...dates].sort().reverse());
  expect(new Set(ids).size).toBe(ids.length);
  const [alarm] = api.models.KATL!.alarms;
  const item = feed.items.find(({ tags }: { tags: string[] }) => tags[0] === "KATL" && tags[1] === "temperature");
  expect(item).toMatchObject({
    title: `KATL: temperature ${alarm!.side}`,
    date_published: new Date(alarm!.time).toISOString(),
  });
  const moved = feed.items.find(({ id }: { id: string }) => id.startsWith("urn:isotherm:alarm:USW00026451"));
  expect(moved.content_text).toMatch(
    /: forecasts too low; the sensor may have moved or changed\. Last day \+6\.1 °C against the two weeks before, at 5 neighbours \+0\.2 °C\.$/,
  );
});
