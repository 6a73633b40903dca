import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchStations } from "../../src/data/fetch/fetch.js";
import { resolveStations } from "../../src/data/stations/stations.js";
import { openStore, type Store } from "../../src/data/store/store.js";
import { uniform } from "../../src/model/arithmetic/deterministicMath.js";
import { snapshotPath } from "../../src/pipeline/train/snapshotFile.js";
import { trainStations } from "../../src/pipeline/train/train.js";
import { verifyStations } from "../../src/pipeline/verify/verify.js";
import { systemClock } from "../../src/shared/clock.js";
import { parseConfig } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { hourMs } from "../../src/shared/time.js";
import { atHoursOf, learned } from "../support/training.js";

const archive = process.env.ISOTHERM_ARCHIVE;
const nashville = "USW00013897";
const genesis = Date.UTC(2016, 0, 1);
const hours = 45 * 24;

/** Six weeks of real observations at Nashville, where ISOTHERM_ARCHIVE names the folder that holds them. */
describe.skipIf(!archive)("six weeks of the archive (ISOTHERM_ARCHIVE)", () => {
  let folder: string;
  let straight: string;
  const stores: Store[] = [];

  const configOf = (home: string) => {
    const bases = [archive!];
    return parseConfig({
      home,
      genesis: "2016-01-01",
      stations: [{ id: nashville }],
      sources: { ghcnh: bases, isd: bases, awc: bases, nws: bases },
    });
  };
  const open = async (home: string) => {
    const store = await openStore(home);
    stores.push(store);
    return store;
  };
  const trainTo = (store: Store, home: string, hour: number) =>
    trainStations(store, configOf(home), [nashville], {
      clock: { now: () => genesis + hour * hourMs, replaying: true },
      workers: 1,
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "isotherm-"));
    straight = join(folder, "straight");
    const config = configOf(straight);
    const store = await openStore(straight);
    await fetchStations(store, config, await resolveStations(config, [nashville]), {
      genesis,
      clock: systemClock("2016-02-14T23:00Z"),
      runId: "test",
      report: silentReport,
    });
    store.close();
    cpSync(straight, join(folder, "stopped"), { recursive: true });
  });
  afterAll(() => {
    for (const store of stores) store.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  it("gives the same bits in one run and with stops at random hours", { timeout: 180_000 }, async () => {
    const home = join(folder, "stopped");
    const stopped = await open(home);
    const next = uniform(2016);
    const stops = Array.from({ length: 5 }, () => Math.floor(next() * hours)).sort((a, b) => a - b);
    for (const stop of [...stops, hours - 1]) await trainTo(stopped, home, stop);
    const store = await open(straight);
    await trainTo(store, straight, hours - 1);
    const [one, other] = [await learned(store, nashville), await learned(stopped, nashville)];
    expect(one.tables.issues!.rows).toBeGreaterThan(0.98 * hours);
    expect(Object.keys(one.snapshots).length).toBeGreaterThanOrEqual(3);
    expect(other.tables).toEqual(one.tables);
    expect(atHoursOf(other, one)).toEqual(one.snapshots);
  });

  it("is verified whole, and a bit flipped in it is found", { timeout: 180_000 }, async () => {
    const store = stores.at(-1)!;
    const verify = async () => (await verifyStations(store, configOf(straight), [nashville], { workers: 1 }))[0]!;
    const first = await verify();
    expect(first).toMatchObject({ hours, from: "2016-01-01T00:00:00.000Z", difference: null });
    expect(first.forecasts).toBeGreaterThan(9.8 * hours);

    const hour = `stationId = '${nashville}' AND variable = 'temperature' AND validTime = '2016-02-10 12:00'`;
    const [{ value }] = (await store.all<{ value: number }>(`SELECT firstValue AS value FROM hours WHERE ${hour}`)) as [
      { value: number },
    ];
    const bits = new BigUint64Array(Float64Array.of(value).buffer);
    bits[0]! ^= 1n;
    const flipped = new Float64Array(bits.buffer)[0]!;
    await store.run(`UPDATE hours SET firstValue = $flipped WHERE ${hour}`, { flipped });
    expect((await verify()).difference).toMatchObject({ what: "hour", time: expect.stringMatching(/^2016-02/) });
    await store.run(`UPDATE hours SET firstValue = $value WHERE ${hour}`, { value });

    const [{ id }] = (await store.all<{ id: string }>(
      "SELECT snapshotId AS id FROM snapshots WHERE kept ORDER BY throughTime LIMIT 1",
    )) as [{ id: string }];
    const path = snapshotPath(straight, nashville, id);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    // Nothing before the damaged state differs, so the replay goes as far as it.
    expect((await verify()).difference).toMatchObject({
      what: "snapshot",
      message: `${path} is damaged: its checksum does not match its content; delete it, then training resumes from the snapshot before it`,
    });
  });
});
