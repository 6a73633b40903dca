import { expect, test } from "vitest";
import { timestamp } from "../../../src/data/store/store.js";
import { trainingStart } from "../../../src/pipeline/train/trainingStart.js";
import { hourMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const now = Date.parse("2026-03-09T18:00Z");
const temporary = useTemporaryStore();

async function addSnapshot(snapshotId: string, genesis: string, through: string) {
  await temporary.store.run(
    `INSERT INTO snapshots BY NAME SELECT 'USW00013874' AS stationId, $through AS throughTime, $snapshotId AS snapshotId,
       $genesis AS genesisTime, 1 AS hoursConsumed, '' AS hoursDigest, '' AS configDigest, 1 AS stateBytes, true AS kept`,
    { snapshotId, genesis: timestamp(Date.parse(genesis)), through: timestamp(Date.parse(through)) },
  );
}

const genesis = (configured: string | null, options: { from?: number; now: number }) =>
  trainingStart(temporary.store, { genesis: configured }, "USW00013874", options).then((time) =>
    new Date(time).toISOString(),
  );

test("history begins with last year, in UTC, if nothing is known", async () => {
  expect(await genesis(null, { now })).toBe("2025-01-01T00:00:00.000Z");
  expect(await genesis(null, { now: Date.parse("2026-01-01T00:00Z") })).toBe("2025-01-01T00:00:00.000Z");
});

test("the newest snapshot's training start is kept", async () => {
  await addSnapshot("old", "2012-01-01T00:00Z", "2014-01-01T00:00Z");
  await addSnapshot("new", "2016-01-01T00:00Z", "2020-01-01T00:00Z");
  expect(await genesis(null, { now })).toBe("2016-01-01T00:00:00.000Z");
});

test("a snapshot with a training start after the run's clock is ignored", async () => {
  await addSnapshot("later", "2016-01-01T00:00Z", "2020-01-01T00:00Z");
  expect(await genesis(null, { now: Date.parse("2014-06-01T00:00Z") })).toBe("2013-01-01T00:00:00.000Z");
});

test("the configuration overrides snapshots, and an option overrides both", async () => {
  await addSnapshot("lineage", "2016-01-01T00:00Z", "2020-01-01T00:00Z");
  expect(await genesis("2018-01-01", { now })).toBe("2018-01-01T00:00:00.000Z");
  expect(await genesis("2018-01-01", { from: Date.parse("2019-07-01T05:40Z"), now })).toBe("2019-07-01T05:00:00.000Z");
});

test("history cannot begin after the run's clock, by option or configuration", async () => {
  const reason = "training would start at 2026-03-09T19:00:00.000Z, after the run's clock, 2026-03-09T18:00:00.000Z";
  await expect(genesis(null, { from: now + hourMs, now })).rejects.toThrow(`${reason}: change --from`);
  await expect(genesis("2026-03-09T19:00Z", { now })).rejects.toThrow(
    `${reason}: change genesis in isotherm.config.ts`,
  );
  expect(await genesis(null, { from: now, now })).toBe("2026-03-09T18:00:00.000Z");
});

test("history may begin before 1970, but not before NOAA's first observations", async () => {
  expect(await genesis(null, { from: Date.parse("1891-07-01T00:20Z"), now })).toBe("1891-07-01T00:00:00.000Z");
  expect(await genesis("1901-01-01", { now })).toBe("1901-01-01T00:00:00.000Z");
  await expect(genesis(null, { from: Date.parse("0891-07-01"), now })).rejects.toThrow(
    "before NOAA's first hourly observations: change --from",
  );
  await expect(genesis("1700-01-01", { now })).rejects.toThrow("change genesis in isotherm.config.ts");
});
