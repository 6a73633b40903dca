import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openStore, type Store } from "../../src/data/store/store.js";
import { fetchAt, liveConfig } from "./liveRun.js";
import { type ReplayedStation, type ReplayNoaa, startReplay } from "./replayNoaa.js";
import { useTemporaryStore } from "./temporaryStore.js";

/**
 * For each test of the file a store with what NOAA had by `now` when nothing had gone wrong yet, and that NOAA, without
 * the faults of the test before.
 */
export function useFetchedStore(
  stations: readonly ReplayedStation[],
  { genesis, now }: { genesis: number; now: number },
): { readonly home: string; readonly store: Store; readonly noaa: ReplayNoaa } {
  let before: string;
  let noaa: ReplayNoaa;
  beforeAll(async () => {
    before = mkdtempSync(join(tmpdir(), "isotherm-"));
    noaa = await startReplay(stations, genesis);
    const store = await openStore(before);
    await fetchAt(store, liveConfig(before, noaa), noaa, { genesis, now, icaos: stations.map(({ icao }) => icao) });
    store.close();
  });
  const temporary = useTemporaryStore(() => before);
  afterEach(() => {
    noaa.fault = () => undefined;
  });
  afterAll(async () => {
    await noaa.close();
    rmSync(before, { recursive: true });
  });
  return {
    get home() {
      return temporary.home;
    },
    get store() {
      return temporary.store;
    },
    get noaa() {
      return noaa;
    },
  };
}
