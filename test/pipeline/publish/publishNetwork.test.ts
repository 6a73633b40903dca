import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { learnedHours } from "../../../src/components/replay/learnedHours.js";
import { replayContext } from "../../../src/components/replay/replayContext.js";
import { publishedModelOf, type ReplayedModel, replayRequest } from "../../../src/components/replay/replayRun.js";
import { hexDigest, isStateOf } from "../../../src/components/replay/stateDigest.js";
import { openStore, type Store, timestamp } from "../../../src/data/store/store.js";
import { TracedReplay } from "../../../src/model/forecaster/tracedReplay.js";
import { makePrior } from "../../../src/pipeline/prior/makePrior.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import { publishNetwork } from "../../../src/pipeline/publish/publishNetwork.js";
import { writePrior } from "../../../src/pipeline/replay/priorFile.js";
import { trainStations } from "../../../src/pipeline/train/train.js";
import type { Config } from "../../../src/shared/config.js";
import type { StationModel } from "../../../src/shared/published/stationModel.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, history, storeHours } from "../../support/training.js";

let home: string;
// The page's own address does not exist in Node.
vi.mock("../../../src/components/ui/fetchApi.js", () => ({
  siteAddress: (path: string) => pathToFileURL(join(home, "published", path)).href,
}));

/** A station that starts with a prior, one that the prior was made from, and one that only lends its observations. */
const [warm, cold, lender] = ["USW00000001", "USW00000002", "USW00000003"] as const;
const members = [warm, cold, lender];
/** The last hour of the prior, and the last hour learned. */
const [priorEnd, end] = [120, 230];
let store: Store;
let config: Config;

const clock = (hour: number) => ({ now: () => at(hour), replaying: true });
const isoTime = (hour: number) => new Date(at(hour)).toISOString().replace("Z", "");
const publishAt = (hour: number) => publish(store, config, { clock: clock(hour) });
const file = (...path: string[]) => join(home, "published", "api", ...path);
const read = async (address: string) => new Uint8Array(await readFile(new URL(address))).buffer;
const modelOf = async (key: string): Promise<StationModel> =>
  JSON.parse(await readFile(file(key, "model.json"), "utf8"));

/** Replays the published files as the browser does. */
async function replayed(key: string, change: (model: ReplayedModel) => ReplayedModel = (model) => model) {
  const data = await modelOf(key);
  const newest = data.snapshots.at(-1)!;
  const period = { firstTime: data.station.genesisTime!, lastTime: newest.throughTime };
  const request = replayRequest(data, change(publishedModelOf(data)), period);
  const context = await replayContext(request, read);
  const replay = new TracedReplay(
    request.options,
    await learnedHours(await read(request.address), null, period),
    context,
  );
  replay.advance(replay.hours);
  const state = (await hexDigest(replay.forecaster.serialize()))!;
  return { replay, isPublished: await isStateOf(newest, state) };
}

const train = (lastHour: number) =>
  trainStations(store, config, [warm, cold], { clock: clock(lastHour), members, from: at(priorEnd + 1) });

beforeAll(async () => {
  home = await temporaryFolder();
  store = await openStore(home);
  for (const [i, id] of members.entries()) {
    const place = { latitude: 40, longitude: i - 90 };
    await store.insert("stations", [
      { stationId: id, icao: null, name: id, ...place, elevationM: null, timeZone: "UTC" },
    ]);
    await storeHours(store, id, history(end + 1, 11 * (i + 1)));
  }
  // The end of the year before.
  await storeHours(store, lender, history(30, 5), -610);
  const file = join(home, "prior.bin");
  config = { ...configOf(home, ["persistence", "rls"]), network: [], prior: null };
  writePrior(file, await makePrior(store, config, [cold], { from: at(0), to: at(priorEnd), network: members }));
  config = { ...config, prior: file };
  await train(end);
  await publishAt(end);
});
afterAll(() => store.close());

describe("the published network", () => {
  test("says what each station's model learned with", async () => {
    const [own, other] = [await modelOf(warm), await modelOf(cold)];
    expect(own.options).toMatchObject({ network: true, longitude: -90, experts: ["persistence", "rls"] });
    expect(own.place).toEqual({ latitude: 40, longitude: -90 });
    const digest = (await hexDigest(await readFile(config.prior!)))!;
    expect(own.prior).toEqual({ digest, stations: [cold], firstTime: at(0), lastTime: at(priorEnd) });
    expect([other.place, other.prior]).toEqual([{ latitude: 40, longitude: -89 }, null]);
    const rows = await store.all("FROM read_parquet($file) SELECT stationId, inNetwork, priorStations ORDER BY 1", {
      file: join(home, "published", "models.parquet"),
    });
    expect(rows).toEqual(
      [warm, cold].map((id) => ({ stationId: id, inNetwork: true, priorStations: id === warm ? cold : null })),
    );
  });

  test.each([warm, cold])("lets a replay of the files end in the published state, to the bit: %s", async (key) => {
    expect((await replayed(key)).isPublished).toBe(true);
  });

  test("shows in a replay what network and prior are worth", async () => {
    const states = [
      await replayed(warm),
      await replayed(warm, ({ options }) => ({ options, usesPrior: false })),
      await replayed(warm, ({ options }) => ({
        options: { ...options, network: false, longitude: 0 },
        usesPrior: false,
      })),
    ];
    expect(states.map(({ isPublished }) => isPublished)).toEqual([true, false, false]);
    const forecasts = states.map(({ replay }) => replay.issued.join());
    expect(new Set(forecasts).size).toBe(3);
  });

  test("lets a replay end in the forecast that was stored at an hour", async () => {
    const stored = await store.all<{ leadHours: number; valueC: number }>(
      `SELECT leadHours, valueC FROM forecasts
       WHERE stationId = $warm AND variable = 'temperature' AND issuedTime = $time ORDER BY leadHours`,
      { warm, time: timestamp(at(end - 20)) },
    );
    const data = await modelOf(warm);
    const period = { firstTime: data.station.genesisTime!, lastTime: at(end - 20) };
    const request = replayRequest(data, publishedModelOf(data), period);
    const hours = await learnedHours(await read(request.address), null, period);
    const replay = new TracedReplay(request.options, hours, await replayContext(request, read));
    replay.advance(replay.hours);
    expect(stored).toHaveLength(72);
    expect(stored.map(({ valueC }) => valueC)).toEqual(
      Array.from(replay.issued.subarray(0, 72), (value) => Math.round(value * 10) / 10),
    );
  });

  test("has a file for each year, which is copied while its hours are the same", async () => {
    expect((await readdir(file("network"))).sort()).toEqual(["2019.parquet", "2020.parquet"]);
    const previous = await temporaryFolder();
    await cp(join(home, "published"), previous, { recursive: true });
    await writeFile(join(previous, "api", "network", "2019.parquet"), "copied");
    const year = async () => {
      const folder = await temporaryFolder();
      await publishNetwork(store, config, { now: isoTime(end), folder, previous });
      return readFile(join(folder, "api", "network", "2019.parquet"));
    };
    expect((await year()).toString()).toBe("copied");
    await store.run("UPDATE hours SET inNetwork = false WHERE inNetwork AND validTime = $time", {
      time: timestamp(at(-600)),
    });
    expect((await year()).length).toBeGreaterThan(100);
  });

  test("is not written without stations that learn from it, nor later than the clock", async () => {
    const folder = await temporaryFolder();
    await publishNetwork(store, config, { now: isoTime(-590), folder, previous: null });
    expect(await readdir(join(folder, "api", "network"))).toEqual(["2019.parquet"]);
    await store.run("DELETE FROM models");
    const empty = await temporaryFolder();
    await publishNetwork(store, config, { now: isoTime(end), folder: empty, previous: null });
    expect(await readdir(empty)).toEqual([]);
  });
});
