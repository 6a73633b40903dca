import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../src/data/store/store.js";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import { checkPublished, countGrowingTables, restoredFile } from "../../../src/pipeline/publish/checkPublished.js";
import { comparePublished } from "../../../src/pipeline/verify/difference.js";
import { parseConfig } from "../../../src/shared/config.js";
import { type PublishedManifest, PublishedManifest as schema } from "../../../src/shared/published/published.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { buildSite } from "../../../src/site/site.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";
import { writePublishedFixture } from "../../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { history, storeHours } from "../../support/training.js";

let good: string;

beforeAll(async () => {
  good = await temporaryFolder();
  await writePublishedFixture(good);
});

async function copyOfGood(): Promise<string> {
  const home = await temporaryFolder();
  cpSync(join(good, "published"), join(home, "published"), { recursive: true });
  return home;
}

function configAt(home: string, changes: Partial<Parameters<typeof parseConfig>[0] & object> = {}) {
  const sources = { ghcnh: ["a"], isd: ["a"], awc: ["a"], nws: ["a"] };
  return parseConfig({ home, stations: [{ id: "USW00013874" }], sources, ...changes });
}

const check = (home: string, now = fixtureTime + 9 * minuteMs) => checkPublished(configAt(home), { now });

/** Changes a published table with a SQL statement, and updates the manifest. */
async function change(home: string, table: string, statement: string): Promise<void> {
  const file = join(home, "published", `${table}.parquet`);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE ${table} AS FROM '${file}'`);
  await connection.run(statement);
  await connection.run(`COPY ${table} TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  changeManifest(home, ({ files, ...manifest }) => ({
    ...manifest,
    files: files.map((entry) => (entry.name === `${table}.parquet` ? { ...entry, sha256 } : entry)),
  }));
}

function changeManifest(home: string, change: (manifest: PublishedManifest) => PublishedManifest): void {
  const file = join(home, "published", "manifest.json");
  writeFileSync(file, JSON.stringify(change(schema.parse(JSON.parse(readFileSync(file, "utf8"))))));
}

/** Warnings of the unchanged fixture. */
const always = ["not observed in the last 6 hours: AYM00089009", "never observed: KSEA"];

describe("the check of published data", () => {
  it("passes for fresh and complete data", async () => {
    expect(await check(good)).toEqual({ problems: [], warnings: always });
  });

  it.each([
    ["hours", "INSERT INTO hours (FROM hours LIMIT 2)", "hours has 2 duplicate hours"],
    ["forecasts", "DELETE FROM forecasts", "forecasts is empty"],
    [
      "requests",
      "UPDATE requests SET stationId = NULL, seconds = 'NaN' WHERE rowid < 3",
      "requests.seconds is not a number in 3 rows",
    ],
    [
      "stations",
      "UPDATE stations SET newestObservedTime = newestObservedTime - INTERVAL 9 HOUR",
      "no station reported in the last 6 hours; the newest report is of 2026-03-09T09:00:00.000Z",
    ],
  ] as [string, string, string][])("fails after a change in %s: %s", async (table, statement, problem) => {
    const home = await copyOfGood();
    await change(home, table, statement);
    expect((await check(home)).problems).toEqual([problem]);
  });

  it.each([
    ["scores", "UPDATE scores SET mae = 'NaN' WHERE rowid < 3", "scores.mae is not a number: KATL"],
    ["weights", "UPDATE weights SET weight = '-Infinity' WHERE rowid = 0", "weights.weight is not a number: KATL"],
    [
      "forecasts",
      "UPDATE forecasts SET valueC = 99 WHERE leadHours = 5 AND stationId = 'USW00013874'",
      "a temperature is forecast that was never observed on Earth: KATL",
    ],
    [
      "forecasts",
      "UPDATE forecasts SET p975 = 85 WHERE leadHours = 24 AND stationId = 'USW00013874'",
      "a quantile is a temperature that was never observed on Earth: KATL",
    ],
    [
      "forecasts",
      "UPDATE forecasts SET p025 = -95.1 WHERE leadHours = 24 AND variable = 'dewPoint' AND stationId = 'INI0000VABB'",
      "a quantile is a temperature that was never observed on Earth: VABB",
    ],
    [
      "forecasts",
      "UPDATE forecasts SET p10 = p90 + 1 WHERE leadHours = 72 AND stationId = 'USW00013874'",
      "quantiles cross: KATL",
    ],
    [
      "forecasts",
      "DELETE FROM forecasts WHERE leadHours = 72 AND stationId = 'USW00013874'",
      "fewer than 72 hours are forecast: KATL",
    ],
    ["forecasts", "DELETE FROM forecasts WHERE stationId = 'USW00013874'", "fewer than 72 hours are forecast: KATL"],
    ["stations", "UPDATE stations SET newestObservedTime = NULL WHERE icao = 'VABB'", "never observed: KSEA, VABB"],
    [
      ...[
        "stations",
        "UPDATE stations SET newestObservedTime = newestObservedTime - INTERVAL 9 HOUR WHERE icao <> 'VABB'",
      ],
      "not observed in the last 6 hours: AYM00089009, KATL, PANC",
    ],
    ["stations", "UPDATE stations SET newestIssuedTime = NULL WHERE icao = 'VABB'", "observed but not forecast: VABB"],
  ] as [string, string, string][])(
    "warns of the station after a change in %s: %s",
    async (table, statement, warning) => {
      const home = await copyOfGood();
      await change(home, table, statement);
      const { problems, warnings } = await check(home);
      expect(problems).toEqual([]);
      expect(warnings).toContain(warning);
    },
  );

  it.each<[watermarkHours: number, silentHours: number, hoursBack: number, isWarned: boolean]>([
    // Late reports may still arrive.
    [3, 9, 0, false],
    [3, 9, 4, false],
    [3, 9, 5, true],
    [12, 20, 5, false],
    [12, 0, 14, true],
    [0, 9, 1, false],
    [0, 9, 2, true],
  ])("late-report window %i h, silent for %i h, reporting again for %i h: warns %s", async (...row) => {
    const [watermarkHours, silentHours, hoursBack, isWarned] = row;
    const home = await copyOfGood();
    const sqlTime = (hoursAgo: number) => `make_timestamp(${(fixtureTime - hoursAgo * hourMs) * 1000})`;
    const issued = sqlTime(hoursBack + silentHours + 1);
    await change(home, "stations", `UPDATE stations SET newestIssuedTime = ${issued} WHERE icao = 'VABB'`);
    const isSilent = `validTime > ${issued} AND validTime < ${sqlTime(hoursBack)}`;
    await change(home, "hours", `DELETE FROM hours WHERE stationId = 'INI0000VABB' AND ${isSilent}`);
    const { problems, warnings } = await checkPublished(configAt(home, { watermarkHours }), { now: fixtureTime });
    expect(problems).toEqual([]);
    expect(warnings.includes("observed but not forecast: VABB")).toBe(isWarned);
  });

  it("accepts older observations with a longer late-report window", async () => {
    const now = fixtureTime + 13 * hourMs;
    const problemsWith = async (watermarkHours: number) =>
      (await checkPublished(configAt(good, { watermarkHours }), { now })).problems;
    expect(await problemsWith(3)).toEqual([expect.stringMatching(/^no station reported in the last 6 hours/)]);
    expect(await problemsWith(12)).toEqual([]);
  });

  it("names a configured station that was never observed", async () => {
    const stations = [{ id: "USW00013874" }, { id: "USW00099999" }];
    const { problems, warnings } = await checkPublished(configAt(good, { stations }), { now: fixtureTime });
    expect(problems).toEqual([]);
    expect(warnings).toContain("never observed: KSEA, USW00099999");
  });

  it("fails for old, simulated, future, damaged or missing data", async () => {
    const problemsOf = async (home: string, now?: number) => (await check(home, now)).problems;
    expect(await problemsOf(good, fixtureTime + 8 * hourMs)).toEqual([expect.stringMatching(/^no station reported/)]);
    const home = await copyOfGood();
    changeManifest(home, (manifest) => ({ ...manifest, simulated: true, asOf: fixtureTime + dayMs }));
    expect(await problemsOf(home)).toEqual(["the weather is simulated", "it was published at a time in the future"]);
    writeFileSync(join(home, "published", "alarms.parquet"), "");
    expect(await problemsOf(home)).toEqual([
      expect.stringMatching(/alarms\.parquet is missing or changed since it was published\npublish again/),
    ]);
    expect(await problemsOf(await temporaryFolder())).toEqual([expect.stringContaining("nothing is published")]);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, 100), /manifest\.json is damaged: it is not JSON; publish again/],
    ["empty", () => "", /manifest\.json is damaged: it is not JSON; publish again/],
    [
      "another JSON file",
      () => '{"name": "weather"}',
      /manifest\.json does not fit this version of isotherm[\s\S]*publish again/,
    ],
    [
      "without a table",
      (text: string) => text.replace('"alarms.parquet"', '"bells.parquet"'),
      /manifest\.json lacks alarms; publish again/,
    ],
  ])("fails with a hint when the manifest is %s", async (_, changed, problem) => {
    const home = await copyOfGood();
    const file = join(home, "published", "manifest.json");
    writeFileSync(file, changed(readFileSync(file, "utf8")));
    expect((await check(home)).problems).toEqual([expect.stringMatching(problem)]);
  });

  it("fails when rows were lost since the state was restored", async () => {
    const home = await copyOfGood();
    const store = await openStore(home);
    await storeHours(store, "USW00000001", history(30, 1));
    store.close();
    const rows = await countGrowingTables(home);
    writeFileSync(restoredFile(home), JSON.stringify(rows));
    expect((await check(home)).problems).toEqual([]);
    const shrinking = await openStore(home);
    await shrinking.run("DELETE FROM hours WHERE rowid < 3");
    shrinking.close();
    const [before, after] = [rows.hours!, rows.hours! - 3];
    expect((await check(home)).problems).toEqual([
      `hours had ${before} rows when the state was restored, and has ${after}`,
    ]);
    writeFileSync(restoredFile(home), '{"hours": 12');
    expect((await check(home)).problems).toEqual([expect.stringMatching(/restored\.json is damaged; restore/)]);
  });

  it.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, 500)],
    ["empty", () => Buffer.alloc(0)],
    ["a text", () => Buffer.from("no table")],
  ])("names the file, with a hint, when a table is %s, as every reader does", async (_, changed) => {
    const home = await copyOfGood();
    const file = join(home, "published", "forecasts.parquet");
    writeFileSync(file, changed(readFileSync(file)));
    const store = await openStore(home);
    const message = new RegExp(
      `${file} (can't be read|is missing or changed since it was published)[\\s\\S]*publish again`,
    );
    await expect(comparePublished(store, home, "USW00013874")).rejects.toThrow(message);
    store.close();
    await expect(withPublished(async () => undefined, home)).rejects.toThrow(message);
    await expect(buildSite({ home, outDir: join(home, "site") })).rejects.toThrow(message);
    expect((await check(home)).problems).toEqual([expect.stringMatching(message)]);
    expect(readdirSync(home).sort()).toEqual(["isotherm.duckdb", "published"]);
  });
});
