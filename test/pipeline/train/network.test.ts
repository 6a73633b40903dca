import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openStore, type Store, timestamp } from "../../../src/data/store/store.js";
import { makePrior } from "../../../src/pipeline/prior/makePrior.js";
import { writePrior } from "../../../src/pipeline/replay/priorFile.js";
import { type TrainOptions, trainStations } from "../../../src/pipeline/train/train.js";
import { verifyStations } from "../../../src/pipeline/verify/verify.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, history, storeHours } from "../../support/training.js";

/** Two stations that learn, and one that only lends its observations, a hundred kilometres apart. */
const learners = ["USW00000001", "USW00000002"];
const lender = "USW00000003";
const members = [...learners, lender];
const longitudes = [-90, -89, -88];

const hours = 110;
const rowsOf = (id: string, count = hours) => history(count, 11 * Number(id.at(-1)));

/** A store with so many hours of stations. */
async function storedNetwork({ count = hours, stations = members, closes = onTestFinished } = {}) {
  const home = await temporaryFolder();
  const store = await openStore(home);
  closes(() => store.close());
  for (const id of stations) {
    await addStation(store, id);
    await storeHours(store, id, rowsOf(id, count));
  }
  const config = { ...configOf(home, ["persistence", "rls"]), network: [] };
  const train = (lastHour: number, options: Partial<TrainOptions> = {}, prior: string | null = null) => {
    const clock = { now: () => at(lastHour), replaying: true };
    return trainStations(store, { ...config, prior }, learners, { clock, members, ...options });
  };
  return { store, config, train };
}

async function addStation(store: Store, id: string): Promise<void> {
  const longitude = longitudes[members.indexOf(id)]!;
  await store.insert("stations", [
    { stationId: id, icao: null, name: id, latitude: 40, longitude, elevationM: null, timeZone: "UTC" },
  ]);
}

const snapshotIds = (store: Store) =>
  store.all(
    `SELECT stationId, snapshotId FROM snapshots
     WHERE throughTime = (SELECT max(throughTime) FROM snapshots) ORDER BY ALL`,
  );
const digests = (store: Store, through: number) =>
  store.all("SELECT stationId, issuedTime, digest FROM issues WHERE issuedTime <= $through ORDER BY ALL", {
    through: timestamp(at(through)),
  });
const differences = async ({ store, config }: Awaited<ReturnType<typeof storedNetwork>>) =>
  (await verifyStations(store, config, learners)).map(({ difference }) => difference?.message ?? null);

describe("a network", () => {
  /** One that has learned every hour in one run. */
  let whole: Awaited<ReturnType<typeof storedNetwork>>;
  beforeAll(async () => {
    whole = await storedNetwork({ closes: () => undefined });
    await whole.train(hours - 1);
  });
  afterAll(() => whole.store.close());

  test("gives the same states whether a run goes on, is interrupted, or goes back", async () => {
    const often = await storedNetwork();
    for (const lastHour of [75, 76, 90, 80, hours - 1]) await often.train(lastHour);
    expect(await snapshotIds(often.store)).toEqual(await snapshotIds(whole.store));
    expect(await differences(often)).toEqual([null, null]);
  });

  test("has an effect on what its stations learn", async () => {
    const alone = await storedNetwork();
    await alone.train(hours - 1, { members: [learners[0]!] });
    expect(await digests(alone.store, hours)).not.toEqual(await digests(whole.store, hours));
  });

  test("a value that comes late stays out for ever", async () => {
    const network = await storedNetwork();
    const late = { id: lender, time: timestamp(at(50)) };
    const takeOut = "DELETE FROM hours WHERE stationId = $id AND validTime = $time AND variable = 'temperature'";
    await network.store.run(takeOut, late);
    await network.train(76);
    const row = rowsOf(lender)[50]!;
    await storeHours(network.store, lender, [Float64Array.from(row, (value, i) => (i === 0 ? value : Number.NaN))], 50);
    await network.train(hours - 1);
    const flags = await network.store.all(
      "SELECT inNetwork FROM hours WHERE stationId = $id AND validTime = $time",
      late,
    );
    expect(flags).toContainEqual({ inNetwork: false });
    expect(await differences(network)).toEqual([null, null]);
    const without = await storedNetwork();
    await without.store.run(takeOut, late);
    await without.train(hours - 1);
    expect(await snapshotIds(network.store)).toEqual(await snapshotIds(without.store));
  });

  test("a station that is added later counts from its first hour on, and nothing is learned again", async () => {
    const network = await storedNetwork({ stations: learners });
    await network.train(76, { members: learners });
    const before = await digests(network.store, 76);
    await addStation(network.store, lender);
    await storeHours(network.store, lender, rowsOf(lender));
    const { stations } = await network.train(hours - 1);
    expect(stations.map(({ hoursLearned }) => hoursLearned)).toEqual([hours - 77, hours - 77]);
    expect(await digests(network.store, 76)).toEqual(before);
    const used = await network.store.all(
      `SELECT epoch_ms(min(validTime))::DOUBLE AS first FROM hours WHERE inNetwork AND stationId = $lender`,
      { lender },
    );
    expect(used).toEqual([{ first: at(77) }]);
    expect(await differences(network)).toEqual([null, null]);
  });

  test("forecasts know no later hour of another station", async () => {
    const poisoned = await storedNetwork();
    await poisoned.store.run(
      "UPDATE hours SET firstValue = 1e6, value = 1e6 WHERE stationId = $lender AND validTime > $time",
      { lender, time: timestamp(at(80)) },
    );
    await poisoned.train(hours - 1);
    expect(await digests(poisoned.store, 80)).toEqual(await digests(whole.store, 80));
    expect(await digests(poisoned.store, hours)).not.toEqual(await digests(whole.store, hours));
  });

  test("verify finds a changed value of another station", async () => {
    const network = await storedNetwork();
    await network.train(hours - 1);
    await network.store.run(
      `UPDATE hours SET firstValue = firstValue + 0.1
       WHERE stationId = $lender AND variable = 'temperature' AND validTime = $time`,
      { lender, time: timestamp(at(40)) },
    );
    expect(await differences(network)).not.toContain(null);
  });

  test("a run that keeps the network learns no hour after it", async () => {
    const network = await storedNetwork();
    await network.train(76);
    const { stations } = await network.train(hours - 1, { keepsNetwork: true });
    expect(stations.map(({ throughTime }) => throughTime)).toEqual([at(76), at(76)]);
    expect(stations.map(({ lacksFields }) => lacksFields)).toEqual([true, true]);
    await network.train(hours - 1);
    expect(await snapshotIds(network.store)).toEqual(await snapshotIds(whole.store));
  });

  test("when every station starts over, the network has all that is stored", async () => {
    const network = await storedNetwork({ stations: learners });
    await network.train(76, { members: learners });
    await addStation(network.store, lender);
    await storeHours(network.store, lender, rowsOf(lender));
    const relearn = new Set(learners);
    await network.train(hours - 1, { relearn });
    expect(await snapshotIds(network.store)).toEqual(await snapshotIds(whole.store));
    expect(await differences(network)).toEqual([null, null]);
  });

  test("a station without coordinates learns on its own", async () => {
    const network = await storedNetwork();
    await network.store.run("DELETE FROM stations WHERE stationId = $id", { id: learners[1]! });
    await network.train(hours - 1);
    const used = await network.store.all("SELECT DISTINCT stationId FROM hours WHERE inNetwork ORDER BY ALL");
    expect(used).toEqual([{ stationId: learners[0] }, { stationId: lender }]);
    expect(await differences(network)).toEqual([null, null]);
  });

  test("a station starts with a prior that knows neither it nor its hours", async () => {
    const count = 200;
    const network = await storedNetwork({ count });
    const { store, config, train } = network;
    const prior = await makePrior(store, config, [learners[0]!], { from: at(0), to: at(110), network: members });
    const file = join(config.home, "prior.bin");
    writePrior(file, prior);
    const from = at(111);
    await train(count - 1, { from });
    const cold = await digests(store, count);
    await train(count - 1, { from }, file);
    const warm = await digests(store, count);
    const of = (rows: typeof warm, id: string) => rows.filter(({ stationId }) => stationId === id);
    // The prior was made from the first station.
    expect(of(warm, learners[0]!)).toEqual(of(cold, learners[0]!));
    expect(of(warm, learners[1]!)).not.toEqual(of(cold, learners[1]!));
    const verified = await verifyStations(store, { ...config, prior: file }, learners);
    expect(verified.map(({ difference }) => difference)).toEqual([null, null]);
  });

  test("with a clock before its first hour is empty", async () => {
    const network = await storedNetwork();
    await network.train(60);
    const { stations } = await network.train(-1, { from: at(-1000) });
    expect(stations.map(({ hoursLearned }) => hoursLearned)).toEqual([0, 0]);
    expect(await network.store.all("SELECT count(*)::INTEGER AS n FROM hours WHERE inNetwork")).toEqual([{ n: 0 }]);
  });
});
