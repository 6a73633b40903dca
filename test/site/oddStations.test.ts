import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { withPublished } from "../../src/pipeline/api/openPublished.js";
import type { DataHealth } from "../../src/shared/published/dataHealth.js";
import { templateStation } from "../../src/site/render/pageHtml.js";
import { runSql } from "../../src/site/runSql.js";
import { fixtureSite } from "../support/fixtureSite.js";
import { finishPublished } from "../support/publishedFixture/finishPublished.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

/** The fixture's published tables after these statements. */
async function publishedWith(changes: Record<string, string>): Promise<string> {
  const home = await temporaryFolder();
  await cp(fixtureSite.home, home, { recursive: true });
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
    "have three hours of forecast, errors and weights that are not a number, or an impossible forecast",
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
])("a site is built from stations that %s", async (_, changes, warnings) => {
  const home = await publishedWith(changes);
  const site = await temporaryFolder();
  // Only the answers to queries depend on the stations in Framework's output.
  await cp(fixtureSite.dir, site, { recursive: true });
  for (const page of ["index.html", `station/${templateStation}.html`])
    await cp(join(site, "undrawn.html"), join(site, page));
  for (const name of ["api", "feed.json", "status.json"])
    await cp(join(home, "published", name), join(site, name), { recursive: true });
  execFileSync(process.execPath, ["--import", "tsx", "src/site/render/renderSite.ts", site, "1/1"]);
  await withPublished(async (published) => {
    for (const file of readdirSync("src/queries")) await runSql(published, join("src/queries", file));
  }, home);
  const health = JSON.parse(readFileSync(join(site, "api", "health.json"), "utf8")) as DataHealth;
  const marked = Object.fromEntries(health.stations.map((row) => [row.key, row.warnings]));
  expect(marked).toEqual({ AYM00089009: [], KSEA: [], ...warnings });
  const pages = ["index.html", ...health.stations.map(({ key }) => `station/${key}.html`)];
  for (const page of pages)
    expect(readFileSync(join(site, page), "utf8"), page).not.toMatch(/NaN|Infinity|undefined °/);
});
