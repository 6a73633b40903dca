import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { setMeta } from "../../../src/data/store/store.js";
import { importGuidance } from "../../../src/pipeline/guidance/importGuidance.js";
import { reasonToStartOver } from "../../../src/pipeline/train/learned.js";
import { silentReport } from "../../../src/shared/progress.js";
import { hourMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";
import { configOf } from "../../support/training.js";

const temporary = useTemporaryStore();
const ids = ["USW00000001", "USW00000002"];
const now = Date.parse("2025-01-10T00:00Z");

/** Writes a Parquet file with the rows of a query. */
async function parquet(sql: string): Promise<string> {
  const path = join(temporary.home, `archive-${Math.abs(sql.length)}.parquet`);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

function run() {
  const clock = { now: () => now, replaying: false };
  return { runId: "r", store: temporary.store, config: configOf(temporary.home), clock, report: silentReport };
}

const hourly = `SELECT TIMESTAMP '2025-01-01' + to_hours(i::INTEGER) AS issuedTime, l::INTEGER AS leadHours,
  (i + l)::FLOAT / 3 AS temperatureC, NULL::FLOAT AS dewPointC FROM range(10) AS a(i), range(1, 73) AS b(l)`;

test("an archive is stored for the stations named, to the hundredth, and they learn again", async () => {
  await temporary.store.run(
    `INSERT INTO snapshots VALUES ('${ids[0]}', TIMESTAMP '2025-01-05', 'a', NULL, make_timestamp(0), 1, '', 'c', 0, true)`,
  );
  const path = await parquet(hourly);
  const { stations, failures } = await importGuidance(run(), path, { source: "open-meteo", station: ids });
  expect(failures).toEqual([]);
  expect(stations.map(({ runs, stored }) => [runs, stored])).toEqual([
    [10, 10],
    [10, 10],
  ]);
  const [first] = await temporary.store.all(
    `SELECT temperatureC, imported FROM guidanceSeen WHERE stationId = '${ids[0]}' ORDER BY issuedTime, leadHours LIMIT 1`,
  );
  expect(first).toEqual({ temperatureC: 0.33, imported: true });
  expect(await reasonToStartOver(temporary.store, ids[0]!, "c")).toBe("guidance");
  expect(await reasonToStartOver(temporary.store, ids[1]!, "c")).toBe(null);
  // A second source of another name has no room in the model.
  await expect(importGuidance(run(), path, { source: "gfs", station: ids })).rejects.toThrow("open-meteo");
  expect((await importGuidance(run(), path, { source: "nbm", station: ids })).stations[0]!.stored).toBe(10);
});

test("numbers of any type are read, and NaN is a missing value", async () => {
  const path = await parquet(`SELECT TIMESTAMPTZ '2025-01-01 00:00:00+00' AS issuedTime, l::BIGINT AS leadHours,
    l::DECIMAL(4, 1) AS temperatureC, 'NaN'::FLOAT AS dewPointC, 1::BIGINT AS temperatureSpreadC FROM range(1, 5) AS a(l)`);
  const { stations, failures } = await importGuidance(run(), path, { source: "nbm", station: [ids[0]!] });
  expect([stations[0]!.stored, failures]).toEqual([1, []]);
  expect(await temporary.store.all("SELECT leadHours, temperatureC, dewPointC FROM guidance LIMIT 1")).toEqual([
    { leadHours: 1, temperatureC: 1, dewPointC: null },
  ]);
});

test("rows with leads longer than the model uses are left out, counted and no failures", async () => {
  const path = await parquet(`SELECT TIMESTAMP '2025-01-01' AS issuedTime, l AS leadHours, 5.0 AS temperatureC
    FROM range(90, 121) AS a(l)`);
  const lines: string[] = [];
  const report = { ...silentReport, info: (line: string) => lines.push(line) };
  const { stations, failures } = await importGuidance({ ...run(), report }, path, {
    source: "nbm",
    station: [ids[0]!],
  });
  expect([stations[0]!.stored, failures]).toEqual([1, []]);
  expect(lines).toEqual([expect.stringMatching(/^24 rows .* 96 h$/)]);
  const stored = await temporary.store.all("SELECT max(leadHours) AS longest FROM guidance");
  expect(stored).toEqual([{ longest: 96 }]);
});

test("simulated weather takes no guidance, which would be deleted with it", async () => {
  await setMeta(temporary.store, "simulated", "true");
  const path = await parquet(hourly);
  await expect(importGuidance(run(), path, { source: "nbm", station: ids })).rejects.toThrow("simulated");
});

test("rows that can't be right are rejected with row, column, value and check, and stop nothing", async () => {
  const path = await parquet(`SELECT '${ids[0]}' AS stationId, * FROM (VALUES
    (TIMESTAMP '2025-01-01', 1, 5.0, 4.0), (TIMESTAMP '2025-01-01', 2, 500.0, 4.0), (TIMESTAMP '2025-01-01', 3, 5.0, 9.0),
    (TIMESTAMP '2025-01-01', 4, NULL, 4.0), (TIMESTAMP '2025-01-01 00:30:00', 5, 5.0, 4.0), (TIMESTAMP '2025-01-01', 1, 6.0, 4.0),
    (TIMESTAMP '2026-01-01', 1, 5.0, 4.0), (TIMESTAMP '2025-01-01', 0, 5.0, 4.0), (NULL, 1, 5.0, 4.0)
  ) AS t(issuedTime, leadHours, temperatureC, dewPointC)`);
  const { stations, failures } = await importGuidance(run(), path, { source: "nbm" });
  expect(stations).toEqual([{ station: ids[0], runs: 1, stored: 1 }]);
  const sorted = failures.sort((a, b) => a.row! - b.row!).map(({ row, column, value }) => [row, column, value]);
  expect(sorted).toEqual([
    [2, "temperatureC", "500"],
    [3, "dewPointC", "9"],
    [4, "temperatureC", "null"],
    [5, "issuedTime", String(Date.parse("2025-01-01T00:30Z"))],
    [6, "leadHours", "1"],
    [7, "issuedTime", "2026-01-01T00:00:00.000Z"],
    [8, "leadHours", "0"],
    [9, "issuedTime", "null"],
  ]);
  const [{ n }] = (await temporary.store.all<{ n: number }>("SELECT count(*) AS n FROM quarantine")) as [{ n: number }];
  expect(n).toBe(failures.length);
});

test("a file that is no archive, a wrong name and a missing station are clear errors", async () => {
  const wrong = await parquet(`SELECT 1 AS leadHours, ${hourMs} AS issuedTime`);
  await expect(importGuidance(run(), wrong, { source: "nbm" })).rejects.toThrow("has no column temperatureC");
  const path = await parquet(hourly);
  await expect(importGuidance(run(), path, { source: "nbm" })).rejects.toThrow("--station");
  await expect(importGuidance(run(), path, { source: "../x", station: ids })).rejects.toThrow("name of a source");
  await expect(importGuidance(run(), join(temporary.home, "none"), { source: "nbm" })).rejects.toThrow(
    "does not exist",
  );
  await expect(importGuidance(run(), import.meta.filename, { source: "nbm" })).rejects.toThrow("not a Parquet file");
});
