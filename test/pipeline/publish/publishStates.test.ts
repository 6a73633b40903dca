import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openStore, type Store } from "../../../src/data/store/store.js";
import { LinearExpert } from "../../../src/model/experts/linearExpert.js";
import { featureNames } from "../../../src/model/features/features.js";
import { groupOf } from "../../../src/model/forecaster/explanation.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { expertNames, maxLeadHours, publishedModel, variables } from "../../../src/model/vocabulary.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import { digestSnapshot, readSnapshot, snapshotPath } from "../../../src/pipeline/train/snapshotFile.js";
import type { PublishedManifest, PublishedTable } from "../../../src/shared/published/published.js";
import { hourMs } from "../../../src/shared/time.js";
import { at, configOf, genesis, history, storeHours, trainTo } from "../../support/training.js";

const station = "USW00000001";
const hours = 330;

let home: string;
let store: Store;
let manifest: PublishedManifest;
const read = <T>(table: PublishedTable, where = "") =>
  store.all<T>(`FROM '${join(home, "published", table)}.parquet' ${where}`);

interface Snapshot {
  snapshotId: string;
  throughTime: number;
  hoursDigest: string;
  configDigest: string;
  kept: boolean;
}
let snapshots: Snapshot[];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "isotherm-"));
  store = await openStore(home);
  await storeHours(store, station, history(hours, 4));
  await store.run("INSERT INTO stations VALUES ($station, NULL, 'Somewhere', 33.6, -84.4, NULL, 'UTC')", { station });
  await trainTo(store, home, [station], hours - 60);
  await trainTo(store, home, [station], hours - 1);
  manifest = await publish(store, configOf(home), { clock: { now: () => at(hours - 1), replaying: true } });
  snapshots = await read<Snapshot>("snapshots", "ORDER BY throughTime");
});
afterAll(() => {
  store.close();
  rmSync(home, { recursive: true });
});

test("the parts of the newest forecast add up to it exactly, at every lead of both variables", async () => {
  const parts = await read<{
    issuedTime: number;
    variable: string;
    leadHours: number;
    part: string;
    contributionC: number;
  }>("explanations");
  const forecasts = await read<{ variable: string; leadHours: number; valueC: number }>(
    "forecasts",
    `WHERE model = '${publishedModel}' AND epoch_ms(issuedTime) = ${at(hours - 1)}`,
  );
  expect(forecasts).toHaveLength(variables.length * maxLeadHours);
  for (const { variable, leadHours, valueC } of forecasts) {
    const own = parts.filter((row) => row.variable === variable && row.leadHours === leadHours);
    const hundredths = own.reduce((sum, { contributionC }) => sum + Math.round(contributionC * 100), 0);
    expect([variable, leadHours, hundredths]).toEqual([variable, leadHours, Math.round(valueC * 100) + 0]);
    expect(own.map(({ part }) => groupOf(part))).toContain("daily cycle");
  }
  expect(new Set(parts.map(({ issuedTime }) => issuedTime))).toEqual(new Set([at(hours - 1)]));
});

test("weights are published for exactly the kept states", async () => {
  const kept = snapshots.filter((snapshot) => snapshot.kept);
  expect(kept.length).toBeGreaterThan(2);
  expect(kept.length).toBeLessThan(snapshots.length);
  const ids = await store.all<{ id: string }>(
    `SELECT DISTINCT snapshotId AS id FROM '${join(home, "published", "weights.parquet")}'`,
  );
  expect(new Set(ids.map(({ id }) => id))).toEqual(new Set(kept.map(({ snapshotId }) => snapshotId)));
  for (const { snapshotId } of kept) {
    const forecaster = new Forecaster(configOf(home).model);
    forecaster.restore(readSnapshot(snapshotPath(home, station, snapshotId)));
    const rls = forecaster.experts.find(({ name }) => name === "rls");
    if (!(rls instanceof LinearExpert)) throw new Error("no rls");
    const rows = await read<{ feature: string; weight: number }>(
      "weights",
      `WHERE snapshotId = '${snapshotId}' AND variable = 'dewPoint' AND leadHours = 24`,
    );
    const weights = rls.model.weightsOf(maxLeadHours + 23);
    const published = Object.fromEntries(rows.map(({ feature, weight }) => [feature, weight]));
    expect(Object.keys(published)).toHaveLength(featureNames.length);
    for (const [i, feature] of featureNames.entries())
      expect(Math.abs(published[feature]! - weights[i]!)).toBeLessThanOrEqual(0.0005001);
  }
});

test("the expert weights of the newest forecast cover every lead and add up to 1", async () => {
  const rows = await read<{ variable: string; leadHours: number; weight: number }>(
    "expertWeights",
    `WHERE epoch_ms(time) = ${at(hours - 1)}`,
  );
  expect(rows).toHaveLength(variables.length * maxLeadHours * expertNames.length);
  const sums = new Map<string, number>();
  for (const { variable, leadHours, weight } of rows) {
    const key = `${variable} ${leadHours}`;
    sums.set(key, (sums.get(key) ?? 0) + weight);
  }
  for (const [key, sum] of sums) expect([key, sum]).toEqual([key, expect.closeTo(1, 5)]);
});

test("replaying the published learned hours gives the id of the newest snapshot", async () => {
  const columns = [
    "temperatureC",
    "dewPointC",
    "seaLevelPressureHpa",
    "windSpeedMs",
    "windDirectionDeg",
    "cloudCoverOktas",
  ];
  const rows = await read<Record<string, number | null>>("learnedHours", "ORDER BY validTime");
  expect(rows[0]!.validTime).toBe(genesis);
  const forecaster = new Forecaster(manifest.modelOptions);
  const byHour = new Map(rows.map((row) => [row.validTime! / hourMs, row]));
  const newest = snapshots.at(-1)!;
  for (let hour = genesis / hourMs; hour <= newest.throughTime / hourMs; hour++)
    forecaster.step(
      hour,
      columns.map((column) => byHour.get(hour)?.[column] ?? Number.NaN),
    );
  const stateDigest = createHash("sha256").update(forecaster.serialize()).digest("hex");
  expect(digestSnapshot(newest.configDigest, newest.hoursDigest, stateDigest)).toBe(newest.snapshotId);
});

test("the rows of states are taken from the folder published before, unless it is damaged", async () => {
  const file = join(home, "published", "weights.parquet");
  const first = readFileSync(file);
  const again = async () => {
    await publish(store, configOf(home), { clock: { now: () => at(hours - 1), replaying: true } });
    return readFileSync(file).equals(first);
  };
  const reading = vi.spyOn(Forecaster.prototype, "restore");
  expect(await again()).toBe(true);
  expect(reading).not.toHaveBeenCalled();
  writeFileSync(file, first.subarray(0, first.length - 100));
  reading.mockClear();
  expect(await again()).toBe(true);
  expect(reading).toHaveBeenCalledTimes(snapshots.filter(({ kept }) => kept).length);
  reading.mockRestore();
});
