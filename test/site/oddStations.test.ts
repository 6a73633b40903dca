import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import type { DataHealth } from "../../src/shared/published/dataHealth.js";
import { buildSite } from "../../src/site/site.js";
import { finishPublished } from "../support/publishedFixture/finishPublished.js";
import { writePublishedFixture } from "../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

/** The fixture's published tables, with these statements done to them. */
async function publishedWith(changes: Record<string, string>): Promise<string> {
  const home = await temporaryFolder();
  await writePublishedFixture(home);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const [table, statements] of Object.entries(changes)) {
    const file = join(home, "published", `${table}.parquet`);
    await connection.run(`CREATE TABLE ${table} AS FROM '${file}'; ${statements}`);
    await connection.run(`COPY ${table} TO '${file}' (FORMAT parquet)`);
  }
  connection.closeSync();
  instance.closeSync();
  await finishPublished(home);
  return home;
}

const [atlanta, mumbai, anchorage] = ["USW00013874", "INI0000VABB", "USW00026451"].map((id) => `stationId = '${id}'`);
const columnsOf = (...names: string[]) => names.map((name) => `${name} = 'NaN'`).join(", ");
const including = (...warnings: string[]) => expect.arrayContaining(warnings) as unknown as string[];

test.each<[what: string, changes: Record<string, string>, warnings: Record<string, string[]>]>([
  [
    "have three hours of forecast, errors and weights that are not a number, or a forecast that can't be",
    {
      forecasts: `DELETE FROM forecasts WHERE ${anchorage} AND leadHours > 3;
        UPDATE forecasts SET valueC = 999, p10 = p90 + 1 WHERE ${mumbai}`,
      scores: `UPDATE scores SET ${columnsOf("mae", "bias", "rmse")} WHERE ${atlanta}`,
      ewmae: `UPDATE ewmae SET ${columnsOf("validationCorrected")} WHERE ${atlanta}`,
      dailyLosses: `UPDATE dailyLosses SET ${columnsOf("mae")} WHERE ${atlanta}`,
      weights: `UPDATE weights SET weight = '-Infinity' WHERE ${atlanta}`,
      explanations: `UPDATE explanations SET ${columnsOf("contributionC")} WHERE ${atlanta}`,
      hours: `UPDATE hours SET ${columnsOf("temperatureC")} WHERE ${atlanta} AND hour(validTime) = 5`,
    },
    {
      KATL: including("scores.mae is not a number", "weights.weight is not a number"),
      VABB: including("Quantiles cross"),
      PANC: ["Fewer than 72 hours are forecast"],
    },
  ],
  [
    "have forecasts that are not a number, none issued yet, no forecast at all, and nothing scored",
    {
      forecasts: `UPDATE forecasts SET ${columnsOf("valueC", "p025", "p10", "p90")} WHERE ${atlanta};
        DELETE FROM forecasts WHERE ${anchorage}`,
      stations: `UPDATE stations SET newestIssuedTime = NULL WHERE ${mumbai}`,
      scores: "DELETE FROM scores",
    },
    {
      KATL: including("forecasts.valueC is not a number"),
      VABB: [],
      PANC: ["Fewer than 72 hours are forecast"],
    },
  ],
])("a site is built with stations that %s", { timeout: 300_000 }, async (_, changes, warnings) => {
  const home = await publishedWith(changes);
  const site = join(home, "site");
  await buildSite({ home, outDir: site });
  const health = JSON.parse(readFileSync(join(site, "api", "health.json"), "utf8")) as DataHealth;
  const marked = Object.fromEntries(health.stations.map((row) => [row.key, row.warnings]));
  expect(marked).toEqual({ AYM00089009: [], KSEA: [], ...warnings });
  for (const { key } of health.stations)
    expect(readFileSync(join(site, "station", `${key}.html`), "utf8"), key).not.toMatch(/NaN|Infinity|undefined °/);
});
