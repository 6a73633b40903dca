import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { checkPublished, countLasting, restoredFile } from "../../src/pipeline/checkPublished.js";
import { parseConfig } from "../../src/pipeline/config.js";
import { type PublishedManifest, PublishedManifest as schema } from "../../src/pipeline/published.js";
import { openStore } from "../../src/pipeline/store.js";
import { fixtureTime } from "../support/publishedFixture/fixturePlaces.js";
import { writePublishedFixture } from "../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { history, storeHours } from "../support/training.js";

const hourMs = 3_600_000;
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

function check(home: string, now = fixtureTime + 9 * 60_000): Promise<string[]> {
  const sources = { ghcnh: ["a"], isd: ["a"], awc: ["a"], nws: ["a"] };
  // The fixture does not forecast every hour of the three days.
  const maxLeadHours = 1;
  return checkPublished(parseConfig({ home, maxLeadHours, stations: [{ id: "USW00013874" }], sources }), { now });
}

/** Publishes a table anew with this statement done to it. */
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

describe("what is published", () => {
  it("passes when it is fresh and whole", async () => {
    expect(await check(good)).toEqual([]);
  });

  it.each([
    ["scores", "UPDATE scores SET mae = 'NaN' WHERE rowid < 3", "scores.mae is not a number in 3 rows"],
    ["weights", "UPDATE weights SET weight = '-Infinity' WHERE rowid = 0", "weights.weight is not a number in 1 rows"],
    ["hours", "INSERT INTO hours (FROM hours LIMIT 2)", "hours has 2 hours twice"],
    ["forecasts", "DELETE FROM forecasts", "forecasts has no row"],
    ["forecasts", "UPDATE forecasts SET valueC = 99 WHERE leadHours = 5", "was never observed on Earth: AYM00089009"],
    ["forecasts", "UPDATE forecasts SET p10 = p90 + 1 WHERE stationId = 'USW00013874'", "quantiles cross: KATL"],
    ["stations", "UPDATE stations SET newestIssuedTime = NULL WHERE icao = 'VABB'", "observed but not forecast: VABB"],
    [
      ...[
        "stations",
        "UPDATE stations SET newestObservedTime = newestObservedTime - INTERVAL 9 HOUR WHERE icao <> 'VABB'",
      ],
      "only 1 of 4 stations were observed in the last 6 hours, the newest 2026-03-09T18:00:00.000Z",
    ],
  ] as [string, string, string][])("fails when in %s: %s", async (table, statement, problem) => {
    const home = await copyOfGood();
    await change(home, table, statement);
    expect(await check(home)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it("fails when it is old, simulated, from the future, damaged, missing, or not all there", async () => {
    expect(await check(good, fixtureTime + 8 * hourMs)).toEqual([expect.stringMatching(/^only 0 of 4 stations/)]);
    const home = await copyOfGood();
    changeManifest(home, (manifest) => ({ ...manifest, simulated: true, asOf: fixtureTime + 24 * hourMs }));
    expect(await check(home)).toEqual(["the weather is simulated", "it was published in the future"]);
    writeFileSync(join(home, "published", "alarms.parquet"), "");
    expect(await check(home)).toEqual(["alarms.parquet is not what was published"]);
    expect(await check(await temporaryFolder())).toEqual([expect.stringContaining("nothing is published")]);
    const config = parseConfig({
      ...{ home: good, maxLeadHours: 72, stations: [{ id: "USW00013874" }] },
      sources: { ghcnh: ["a"], isd: ["a"], awc: ["a"], nws: ["a"] },
    });
    const leads = await checkPublished(config, { now: fixtureTime });
    expect(leads.every((problem) => problem.startsWith("fewer than 72 hours are forecast"))).toBe(true);
  });

  it("fails when rows are gone that were there when the state was restored", async () => {
    const home = await copyOfGood();
    const store = await openStore(home);
    await storeHours(store, "USW00000001", history(30, 1));
    store.close();
    const rows = await countLasting(home);
    writeFileSync(restoredFile(home), JSON.stringify(rows));
    expect(await check(home)).toEqual([]);
    const shrinking = await openStore(home);
    await shrinking.run("DELETE FROM hours WHERE rowid < 3");
    shrinking.close();
    const [before, after] = [rows.hours!, rows.hours! - 3];
    expect(await check(home)).toEqual([`hours had ${before} rows when the state was restored, and has ${after}`]);
  });
});
