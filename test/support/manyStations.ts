import { renameSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetFormat } from "../../src/data/store/sqlText.js";
import { publishedTables } from "../../src/shared/published/published.js";
import { finishPublished } from "./publishedFixture/finishPublished.js";
import { writePublishedFixture } from "./publishedFixture/publishedFixture.js";

/** The fixture's stations that have everything. */
const whole = ["USW00013874", "USW00026451", "INI0000VABB"];

/**
 * Writes a `published/` folder of so many stations, each a copy of one of the fixture's whole ones at a place and with a
 * code of its own: of the size of real ones, made in seconds.
 * @param days of history
 */
export async function writeManyStations(home: string, count: number, { days = 366 } = {}): Promise<void> {
  await writePublishedFixture(home, { days });
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run(`
      CREATE TABLE copies AS
      SELECT [${whole.map((id) => `'${id}'`).join(", ")}][1 + i % ${whole.length}] AS stationId,
        printf('USW%08d', 90000000 + i) AS copyId,
        'K' || chr((65 + i // 676)::INTEGER) || chr((65 + i // 26 % 26)::INTEGER) || chr((65 + i % 26)::INTEGER) AS copyIcao,
        26 + (i * 7919 % 220) / 10 AS copyLatitude, -122 + (i * 104729 % 540) / 10 AS copyLongitude
      FROM range(${count}) AS numbers(i)`);
    for (const [table, schema] of Object.entries(publishedTables)) {
      if (!("stationId" in schema.shape)) continue;
      const file = join(home, "published", `${table}.parquet`);
      const own =
        table === "stations"
          ? ", copyIcao AS icao, concat(name, ' ', copyIcao) AS name, copyLatitude AS latitude, copyLongitude AS longitude"
          : "";
      await connection.run(
        `COPY (SELECT one.* REPLACE (copyId AS stationId${own}) FROM '${file}' AS one JOIN copies USING (stationId)
           ORDER BY ALL) TO '${file}.many' (${parquetFormat})`,
      );
      renameSync(`${file}.many`, file);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  await finishPublished(home);
}
