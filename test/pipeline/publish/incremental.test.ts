import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore, type Store, setMeta, timestamp } from "../../../src/data/store/store.js";
import { previousPublication } from "../../../src/pipeline/publish/previousPublication.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import type { Config } from "../../../src/shared/config.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, history, storeGuidance, storeHours, trainTo } from "../../support/training.js";

const ids = Array.from({ length: 7 }, (_, i) => `USW0000000${i}`);
const experts = ["persistence", "seasonalNaive", "nws", "rls"] as const;
const hours = 48;

let store: Store;
let config: Config;
let folder: string;
/** The clock, in hours after genesis. */
let now = hours;

beforeAll(async () => {
  const home = await temporaryFolder();
  folder = join(home, "published");
  config = { ...configOf(home, experts), maxLeadHours: 24 };
  store = await openStore(home);
  for (const [i, id] of ids.entries()) {
    const place = { latitude: 40, longitude: i - 90, elevationM: null, timeZone: "UTC" };
    await store.insert("stations", [{ stationId: id, icao: `KAA${i}`, name: id, ...place }]);
    await storeHours(store, id, history(hours, i));
  }
  await trainTo(store, home, ids, now, { experts });
  await publishNow();
});
afterAll(() => store.close());

const publishNow = () => publish(store, config, { clock: { now: () => at(now), replaying: true } });

/** Digests of the published files. */
const digests = () =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [relative(folder, file), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );

/** Files of stations by their place on the disk, which a new file does not share. */
const places = () =>
  ids.map((_, i) => statSync(join(folder, "api", `KAA${i}`, "model.json"), { throwIfNoEntry: false })?.ino);

/**
 * Publishes after a change and expects the files of a first publication.
 * @returns the places in `ids` of the stations that kept their files
 */
async function publishChange(): Promise<number[]> {
  const before = places();
  await publishNow();
  const after = places();
  const changed = digests();
  renameSync(folder, `${folder}.aside`);
  await publishNow();
  expect(changed).toEqual(digests());
  rmSync(folder, { recursive: true });
  renameSync(`${folder}.aside`, folder);
  return ids.flatMap((_, i) => (before[i] !== undefined && before[i] === after[i] ? i : []));
}

/** A row of each of these tables changes what the files of its station show. */
const changedRows: (() => Promise<unknown>)[] = [
  async () => {
    await storeHours(store, ids[0]!, history(1, 9), hours);
    await trainTo(store, config.home, [ids[0]!], now, { experts });
  },
  () =>
    store.run("UPDATE hours SET value = 1.5, corrections = 1 WHERE stationId = $id AND validTime = $time", {
      id: ids[1]!,
      time: timestamp(at(9)),
    }),
  () => storeGuidance(store, ids[2]!, hours, 96, (lead) => lead / 10),
  () =>
    store.append(
      "quarantine",
      ["stationId", "source", "file", "schema", "check", "severity", "seenTime"],
      [[ids[3]!, "ghcnh", "some.psv", "RawReport", "range", "error", at(now)]],
    ),
  () =>
    store.append(
      "requests",
      ["runId", "source", "stationId", "url", "bytes", "seconds", "outcome", "requestedTime"],
      [
        ["a run", "nws", ids[4]!, "https://noaa.example/", 0, 1, "failed", at(now)],
        ["a run", "nws", ids[6]!, "https://noaa.example/", 9, 1, "fetched", at(now)],
      ],
    ),
  () => store.run("UPDATE stations SET name = 'Elsewhere' WHERE stationId = $id", { id: ids[5]! }),
];

/** Changes, and the stations that keep their files. */
const changes: [what: string, change: () => unknown, kept: number[]][] = [
  [
    "ten minutes and changed rows of some stations",
    async () => {
      now = hours + 0.5;
      for (const change of changedRows) await change();
    },
    [6],
  ],
  [
    "some stations hidden, and two with one code",
    async () => {
      for (const id of ids.slice(2, 6)) await setMeta(store, `configured/${id}`, "true");
      await store.run("UPDATE stations SET icao = 'KAA1' WHERE stationId = $id", { id: ids[6]! });
    },
    [0],
  ],
  ["an hour without data", () => (now = hours + 1), []],
  ["an earlier clock", () => (now = hours - 20), []],
  [
    "a later clock, a station shown again and another model option",
    () => {
      now = hours + 3;
      config = { ...config, model: { ...config.model, huber: 7 } };
      return store.run("DELETE FROM meta WHERE key = $key", { key: `configured/${ids[5]}` });
    },
    [],
  ],
];

test.each(changes)("the files are those of a first publication after %s", async (_, change, kept) => {
  await change();
  expect(await publishChange()).toEqual(kept);
});

test("nothing is kept of a publication with other leads, or when a published file was damaged", () => {
  expect(previousPublication(config)?.folder).toBe(folder);
  expect(previousPublication({ ...config, maxLeadHours: 12 })).toBeNull();
  appendFileSync(join(folder, "api", "KAA0", "model.json"), " ");
  expect(previousPublication(config)).toBeNull();
});
