import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import type { DataHealth } from "../../src/shared/published/dataHealth.js";
import { PublishedManifest } from "../../src/shared/published/published.js";
import { buildSite } from "../../src/site/site.js";
import { writePublishedFixture } from "../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

/** The fixture's published tables, with these statements done to them. */
async function publishedWith(changes: Record<string, string>): Promise<string> {
  const home = await temporaryFolder();
  await writePublishedFixture(home);
  const manifestFile = join(home, "published", "manifest.json");
  const manifest = PublishedManifest.parse(JSON.parse(readFileSync(manifestFile, "utf8")));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const [table, statements] of Object.entries(changes)) {
    const file = join(home, "published", `${table}.parquet`);
    await connection.run(`CREATE TABLE ${table} AS FROM '${file}'; ${statements}`);
    await connection.run(`COPY ${table} TO '${file}' (FORMAT parquet)`);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    for (const entry of manifest.files) if (entry.name === `${table}.parquet`) entry.sha256 = sha256;
  }
  connection.closeSync();
  instance.closeSync();
  writeFileSync(manifestFile, JSON.stringify(manifest));
  return home;
}

const [atlanta, mumbai] = ["stationId = 'USW00013874'", "stationId = 'INI0000VABB'"];
const columnsOf = (...names: string[]) => names.map((name) => `${name} = 'NaN'`).join(", ");

test.each<[what: string, changes: Record<string, string>, warnings: Record<string, string[]>]>([
  [
    "no forecast, and one with three hours of it",
    { forecasts: `DELETE FROM forecasts WHERE ${atlanta} OR (${mumbai} AND leadHours > 3)` },
    { KATL: ["Fewer than 72 hours are forecast"], VABB: ["Fewer than 72 hours are forecast"] },
  ],
  [
    "forecasts that are not a number, none issued yet, nothing scored",
    {
      forecasts: `UPDATE forecasts SET ${columnsOf("valueC", "p025", "p10", "p90")} WHERE ${atlanta}`,
      stations: `UPDATE stations SET newestIssuedTime = NULL WHERE ${mumbai}`,
      scores: "DELETE FROM scores",
    },
    { KATL: expect.arrayContaining(["forecasts.valueC is not a number"]) as unknown as string[], VABB: [] },
  ],
  [
    "errors and weights that are not a number, and a forecast that can't be",
    {
      scores: `UPDATE scores SET ${columnsOf("mae", "bias", "rmse")} WHERE ${atlanta}`,
      ewmae: `UPDATE ewmae SET ${columnsOf("validationCorrected")} WHERE ${atlanta}`,
      dailyLosses: `UPDATE dailyLosses SET ${columnsOf("mae")} WHERE ${atlanta}`,
      weights: `UPDATE weights SET weight = '-Infinity' WHERE ${atlanta}`,
      explanations: `UPDATE explanations SET ${columnsOf("contributionC")} WHERE ${atlanta}`,
      hours: `UPDATE hours SET ${columnsOf("temperatureC")} WHERE ${atlanta} AND hour(validTime) = 5`,
      forecasts: `UPDATE forecasts SET valueC = 999, p10 = p90 + 1 WHERE ${mumbai}`,
    },
    {
      KATL: expect.arrayContaining([
        "scores.mae is not a number",
        "weights.weight is not a number",
      ]) as unknown as string[],
      VABB: expect.arrayContaining(["Quantiles cross"]) as unknown as string[],
    },
  ],
])("a site is built with a station that has %s", { timeout: 300_000 }, async (_, changes, warnings) => {
  const home = await publishedWith(changes);
  const site = join(home, "site");
  await buildSite({ home, outDir: site });
  const health = JSON.parse(readFileSync(join(site, "api", "health.json"), "utf8")) as DataHealth;
  const marked = Object.fromEntries(health.stations.map((row) => [row.key, row.warnings]));
  expect(marked).toEqual({ AYM00089009: [], KSEA: [], PANC: [], ...warnings });
  for (const { key } of health.stations)
    expect(readFileSync(join(site, "station", `${key}.html`), "utf8"), key).not.toMatch(/NaN|Infinity|undefined °/);
});
