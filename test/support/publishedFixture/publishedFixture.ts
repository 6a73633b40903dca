import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { z } from "zod";
import { parquetFormat } from "../../../src/data/store/sqlText.js";
import { fieldsOfSchema } from "../../../src/pipeline/dictionary/fieldsOfSchema.js";
import { PublishedManifest, type PublishedTable, publishedTables } from "../../../src/shared/published/published.js";
import { digestOfApi } from "../../../src/shared/published/readPublished.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { madeOnce } from "../madeOnce.js";
import { addChain } from "./fixtureChain.js";
import { addEvenings } from "./fixtureEvenings.js";
import { addForecasts, addGuidance } from "./fixtureForecasts.js";
import { addHours } from "./fixtureHours.js";
import { addNetwork } from "./fixtureNetwork.js";
import { fixturePlaces, fixtureTime, type Rows } from "./fixturePlaces.js";
import { addLedger, addRuns } from "./fixtureRuns.js";
import { addDays, addDetails, addEvaluation, months } from "./fixtureScores.js";

export interface FixtureOptions {
  simulated?: boolean;
  isPast?: boolean;
  /** Days of history. */
  days?: number;
}

/**
 * Writes a small, always equal `published/` folder, as `publish` would, to develop and test the site against: the tables
 * and the manifest; `finishPublished` makes the other files of them.
 * @param home the folder that `published/` is made in
 */
export async function writePublishedFixture(home: string, options: FixtureOptions = {}): Promise<PublishedManifest> {
  if (Object.keys(options).length > 0) return makePublishedFixture(home, options);
  const made = await madeOnce("published-fixture", async (folder) => void (await makePublishedFixture(folder, {})));
  await rm(join(home, "published"), { recursive: true, force: true });
  await cp(join(made, "published"), join(home, "published"), { recursive: true });
  return PublishedManifest.parse(JSON.parse(await readFile(join(home, "published", "manifest.json"), "utf8")));
}

async function makePublishedFixture(
  home: string,
  { simulated = false, isPast = false, days = 40 }: FixtureOptions,
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
       TO '${join(folder, name)}' (${parquetFormat})`,
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
    isPast,
    dataThrough: fixtureTime,
    simulated,
    publishedModel: "mixture",
    modelOptions: { delta: 0.1, hourlyDelta: 0.3, huber: 2 },
    maxLeadHours: 72,
    files,
    api: digestOfApi(folder),
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

function publishedRows({ simulated, days }: { simulated: boolean; days: number }): Rows {
  const rows = Object.fromEntries(Object.keys(publishedTables).map((table) => [table, []])) as unknown as Rows;
  const genesisTime = fixtureTime - days * dayMs;
  for (const place of fixturePlaces) {
    const { ageHours, meanC, rangeC, quantiles, inNetwork, ...station } = place;
    const newest = ageHours === null ? null : fixtureTime - ageHours * hourMs;
    rows.stations.push({
      ...station,
      genesisTime: newest === null ? null : genesisTime,
      newestObservedTime: newest,
      dueTime: newest === null ? null : newest + hourMs,
      reportedHours: 24,
      newestIssuedTime: newest,
      hoursObserved: newest === null ? 0 : (newest - genesisTime) / hourMs + 1 - 7,
      hoursMissing: newest === null ? 0 : 7,
      rowsQuarantined: newest === null ? 0 : 2,
      valuesCorrected: newest === null ? 0 : 1,
      valuesLate: newest === null ? 0 : 1,
      simulated,
    });
    if (newest === null) continue;
    addHours(rows, place, genesisTime, newest);
    addForecasts(rows, place, newest);
    addGuidance(rows, place, newest);
    addEvenings(rows, place, newest);
    addEvaluation(rows, place, genesisTime, newest);
    addDetails(rows, place, genesisTime, newest);
    addDays(rows, place, months[0]!, newest);
    addChain(rows, place, genesisTime, newest);
    addLedger(rows, place, genesisTime, newest);
  }
  addNetwork(rows);
  addRuns(rows);
  return rows;
}
