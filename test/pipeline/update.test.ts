import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { withRun } from "../../src/pipeline/run.js";
import { update } from "../../src/pipeline/update.js";
import { parseConfig } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { PublishedManifest } from "../../src/shared/published/published.js";
import { dayMs } from "../../src/shared/time.js";
import { deadServer, isotherm } from "../support/isotherm.js";
import { type LoopbackNoaa, startNoaa } from "../support/loopbackNoaa.js";
import { psv, routineRows } from "../support/psv.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { fastExperts } from "../support/training.js";

const ohare = "USW00094846";
const genesis = Date.parse("2020-01-01T00:00Z");
const file = `access/by-year/2020/psv/GHCNh_${ohare}_2020.psv`;
const command = (asOf: string, name = "update") =>
  [name, "--station", "KORD", "--from", "2020-01-01", "--as-of", asOf] as const;

function manifestOf(home: string): PublishedManifest {
  return PublishedManifest.parse(JSON.parse(readFileSync(join(home, "published", "manifest.json"), "utf8")));
}

async function statusOf(home: string) {
  const { code, stdout, stderr } = await isotherm(["status", "--json"], { ISOTHERM_HOME: home });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout).stations as Record<string, unknown>[];
}

describe("with NOAA answering", () => {
  let noaa: LoopbackNoaa;
  let home: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    noaa = await startNoaa();
    // A daily cycle that never repeats exactly; one hour is missing, one value is impossible.
    const rows = routineRows(genesis, 20 * 24, (h) => 3 * Math.sin((2 * Math.PI * h) / 24) + 4 * Math.sin(h / 50));
    rows[100]!.temperature = 219;
    rows.splice(200, 1);
    noaa.files.set(file, psv(ohare, rows));
    home = await temporaryFolder();
    env = { ISOTHERM_HOME: home, ISOTHERM_GHCNH: noaa.url, ISOTHERM_ISD: noaa.url };
    const { code, stdout, stderr } = await isotherm(command("2020-01-11T12:00Z"), env);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
  });
  afterAll(() => noaa.close());

  test("an update fetches, learns and publishes, and nothing after its clock exists", async () => {
    const [status] = await statusOf(home);
    expect(status).toMatchObject({
      id: ohare,
      icao: "KORD",
      newestObservation: "2020-01-11T12:00:00.000Z",
      newestForecast: "2020-01-11T12:00:00.000Z",
      // The hour before the first report, the missing one and the impossible one.
      hoursMissing: 3,
      rowsQuarantined: 1,
    });
    expect(manifestOf(home)).toMatchObject({
      asOf: Date.parse("2020-01-11T12:00Z"),
      dataThrough: Date.parse("2020-01-11T12:00Z"),
      simulated: false,
    });
  });

  test("a second update asks nothing that is known, learns nothing twice and changes nothing published", async () => {
    const requests = noaa.log.length;
    const before = manifestOf(home);
    // The training start is remembered, and a station can be named by id or code.
    const { code, stderr } = await isotherm(["update", "--station", ohare, "--as-of", "2020-01-11T12:00Z"], env);
    expect(code, stderr).toBe(0);
    expect(noaa.log.length).toBe(requests);
    expect(stderr).toContain("0 hours learned");
    // Progress is printed as plain lines without a terminal.
    expect(stderr).toMatch(/^learn: \d+ of 1 stations in \d+\.\d s$/m);
    expect(stderr).not.toContain("\u001b");
    const contents = ({ files }: PublishedManifest) =>
      files.filter(({ name }) => !/^(runs|requests|traffic)\./.test(name)).map(({ name, sha256 }) => [name, sha256]);
    expect(contents(manifestOf(home))).toEqual(contents(before));
  });

  test("a shard without stations has nothing to do and succeeds", async () => {
    const empty = await temporaryFolder();
    const args = ["update", "--station", "KORD", "--shard", "1/2", "--as-of", "2020-01-11T12:00Z"];
    const { code, stderr } = await isotherm(args, { ...env, ISOTHERM_HOME: empty });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("more shards than stations");
    const checkpoint = await isotherm(["checkpoint", join(empty, "part.tar")], { ISOTHERM_HOME: empty });
    expect(checkpoint).toMatchObject({ code: 0, stderr: expect.stringContaining("checkpoint of 0 stations") });
  });

  test("backtest --json prints scores and nothing else, --out the forecasts", async () => {
    const out = join(home, "forecasts.parquet");
    const args = ["backtest", "--station", "KORD", "--from", "2020-01-05", "--to", "2020-01-11", "--json"];
    const { code, stdout, stderr } = await isotherm(
      [...args, "--lead", "1", "24", "--model", "persistence", "--model", "rls", "--out", out],
      env,
    );
    expect(code, stderr).toBe(0);
    const { stations } = JSON.parse(stdout);
    expect(stations).toMatchObject([{ id: ohare, leads: [{ leadHours: 1 }, { leadHours: 24 }] }]);
    // 145 hours, two without an observation and thus without a forecast.
    expect(stations[0].leads[0].n).toBe(141);
    for (const { mae } of stations[0].leads) {
      for (const model of ["persistence", "seasonalNaive", "climatology", "sgd", "rls", "mixture"]) {
        expect(mae[model]).toBeGreaterThan(0);
      }
    }
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    onTestFinished(() => instance.closeSync());
    onTestFinished(() => connection.closeSync());
    const rows = (
      await connection.runAndReadAll(`SELECT DISTINCT station, leadHours, variable, model FROM '${out}' ORDER BY ALL`)
    ).getRowsJson();
    expect(rows).toEqual(
      [1, 24].flatMap((lead) =>
        ["dewPoint", "temperature"].flatMap((variable) =>
          ["persistence", "rls"].map((model) => [ohare, lead, variable, model]),
        ),
      ),
    );
    const columns = (await connection.runAndReadAll(`DESCRIBE FROM '${out}'`)).getRowsJson().map(([name]) => name);
    expect(columns).toEqual(
      expect.arrayContaining([
        "station",
        "issuedTime",
        "leadHours",
        "variable",
        "model",
        "valueC",
        "p025",
        "p10",
        "p50",
        "p90",
        "p975",
      ]),
    );
  });

  test("a later clock includes what came in between", async () => {
    const { code, stderr } = await isotherm(command("2020-01-15T00:00Z"), env);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("84 hours learned at 1 of 1 stations");
    expect(manifestOf(home).dataThrough).toBe(genesis + 14 * dayMs);
  });

  test("when NOAA stops answering, update publishes what is stored and fails; build would go on", async () => {
    const dead = { ...env, ISOTHERM_GHCNH: deadServer, ISOTHERM_ISD: deadServer };
    const { code, stderr } = await isotherm(command("2020-01-16T00:00Z"), dead);
    expect(code).toBe(1);
    expect(stderr).toContain("NOAA could not be reached; continuing with the stored observations");
    expect(manifestOf(home)).toMatchObject({ asOf: genesis + 15 * dayMs, isPast: true, simulated: false });
  });
});

describe("with NOAA out of reach and nothing stored", () => {
  test.concurrent.each([
    { name: "update", ci: "" },
    { name: "fetch", ci: "" },
    { name: "build", ci: "true" },
  ])("$name with CI=$ci fails and simulates nothing", async ({ name, ci }) => {
    const home = await temporaryFolder();
    const { code, stderr } = await isotherm(command("2020-01-11T12:00Z", name), { ISOTHERM_HOME: home, CI: ci });
    expect(code).toBe(1);
    expect(stderr).toContain("error: NOAA could not be reached");
    expect(stderr).not.toContain("simulate");
    expect(await statusOf(home)).toEqual([]);
  });
});

describe("simulated weather for configured stations", () => {
  const now = Date.parse("2021-03-09T06:30Z");
  const fiveStations = ["USW00013874", "USW00024233", "USW00094846", "USW00023183", "USW00012839"];

  async function simulate(stations: readonly string[], begin: string | null) {
    const bases = [deadServer];
    const config = parseConfig({
      home: await temporaryFolder(),
      stations: stations.map((id) => ({ id })),
      genesis: begin,
      sources: { ghcnh: bases, isd: bases, awc: bases, nws: bases },
    });
    // Only what is stored of the weather matters here.
    const fast = { ...config, model: { ...config.model, experts: fastExperts } };
    const given = { config: fast, clock: { now: () => now, replaying: true }, http: { retryDelayMs: 1 } };
    return withRun(
      { command: "start", report: silentReport },
      async (run) => {
        await update(run, { simulate: true, publish: false });
        return run.store.all<{ stationId: string; first: number }>(
          "SELECT stationId, epoch_ms(min(validTime))::DOUBLE AS first FROM hours GROUP BY ALL ORDER BY ALL",
        );
      },
      given,
    );
  }

  test("covers the first four of them", async () => {
    const stored = await simulate(fiveStations, "2021-03-07");
    expect(stored.map(({ stationId }) => stationId)).toEqual(fiveStations.slice(0, 4).sort());
    expect(stored[0]!.first).toBeGreaterThanOrEqual(Date.parse("2021-03-07"));
  }, 120_000);

  test("begins four months ago", async () => {
    const { first } = (await simulate(fiveStations.slice(0, 1), null))[0]!;
    expect(first).toBeGreaterThanOrEqual(Date.parse("2020-11-01"));
    expect(first).toBeLessThan(Date.parse("2020-11-02"));
  }, 120_000);
});

describe.runIf(process.env.ISOTHERM_ARCHIVE)("on real observations, where ISOTHERM_ARCHIVE names them", () => {
  test("stations named by id and by code are fetched, learned and published up to the clock", async () => {
    const home = await temporaryFolder();
    const archive = process.env.ISOTHERM_ARCHIVE!;
    const env = { ISOTHERM_HOME: home, ISOTHERM_GHCNH: archive, ISOTHERM_ISD: archive };
    const history = ["--station", "USW00013897", "KORD", "--as-of", "2020-12-31T23:00Z"];
    const fetched = await isotherm(["fetch", ...history, "--from", "2020-11-01"], env);
    expect(fetched.code, fetched.stderr).toBe(0);

    // Two months are enough for the published model to beat persistence at every reported lead.
    const period = ["--from", "2020-12-01", "--to", "2020-12-31T23:00Z", "--json"];
    const backtest = await isotherm(["backtest", "--station", "KBNA", "KORD", ...period], env);
    expect(backtest.code, backtest.stderr).toBe(0);
    for (const { id, leads } of JSON.parse(backtest.stdout).stations) {
      for (const { leadHours, mae } of leads) {
        expect(mae.mixture, `${id} at ${leadHours} h`).toBeLessThan(mae.persistence);
      }
    }

    const { code, stdout, stderr } = await isotherm(["update", ...history, "--from", "2020-12-25"], env);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
    expect(await statusOf(home)).toMatchObject(
      ["KBNA", "KORD"].map((icao) => ({
        icao,
        newestObservation: "2020-12-31T23:00:00.000Z",
        newestForecast: "2020-12-31T23:00:00.000Z",
      })),
    );
    expect(manifestOf(home)).toMatchObject({ simulated: false, dataThrough: Date.parse("2020-12-31T23:00Z") });
  }, 120_000);
});
