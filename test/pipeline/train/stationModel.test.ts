import { expect, test } from "vitest";
import { digestConfig } from "../../../src/pipeline/train/snapshotFile.js";
import { recordedModels, stationModels } from "../../../src/pipeline/train/stationModel.js";
import { parseConfig } from "../../../src/shared/config.js";

const bases = ["http://127.0.0.1/"];
const sources = { ghcnh: bases, isd: bases, awc: bases, nws: bases };
const stationId = "USW00024233";
const genesisTime = Date.parse("2025-01-01T00:00Z");

const configWith = (given: { network: [] | null; prior: "shipped" | null }) =>
  parseConfig({ stations: [{ id: stationId }], sources, ...given });

/** A store whose newest snapshot of the station was learned with a configuration. */
function storeOf(configDigest: string) {
  const all = async (sql: string) => {
    if (sql.includes("networkPlaces")) return [{ stationId, latitude: 47.44, longitude: -122.31 }];
    if (sql.includes("timeZone")) return [{ stationId, timeZone: "America/Los_Angeles" }];
    return [{ stationId, genesisTime, configDigest }];
  };
  return { all } as Parameters<typeof recordedModels>[0];
}

test.each([
  { network: [] as [], prior: "shipped" as const },
  { network: [] as [], prior: null },
  { network: null, prior: null },
])("the recorded model is found whatever the configuration is now: %o", async (learned) => {
  const model = (await stationModels(storeOf(""), configWith(learned)))(stationId, genesisTime);
  expect([model.place !== null, model.prior !== null]).toEqual([learned.network !== null, learned.prior !== null]);
  const digest = digestConfig(model, genesisTime);
  for (const network of [[] as [], null]) {
    const recorded = await recordedModels(storeOf(digest), configWith({ network, prior: "shipped" }));
    expect(digestConfig(recorded(stationId), genesisTime)).toBe(digest);
  }
});
