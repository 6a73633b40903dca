import { createHash } from "node:crypto";
import { featureNames } from "../../../src/model/features/features.js";
import { pointFeatureNames } from "../../../src/model/features/networkFeatures.js";
import { variables } from "../../../src/model/vocabulary.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { hundredths, type Place, type Rows } from "./fixturePlaces.js";

export function addChain(rows: Rows, place: Place, from: number, to: number): void {
  const configDigest = createHash("sha256").update("config").digest("hex");
  let parentId: string | null = null;
  for (let throughTime = from + 4 * dayMs; throughTime <= to; throughTime += 4 * dayMs) {
    const snapshotId: string = createHash("sha256").update(`${place.stationId}${throughTime}${parentId}`).digest("hex");
    const hoursDigest = createHash("sha256").update(`${place.stationId}${throughTime}`).digest("hex");
    const hoursConsumed = (throughTime - from) / hourMs + 1;
    rows.snapshots.push({
      snapshotId,
      parentId,
      stationId: place.stationId,
      throughTime,
      hoursConsumed,
      hoursDigest,
      configDigest,
      stateBytes: 262_144,
      kept: throughTime > to - 12 * dayMs,
    });
    parentId = snapshotId;
  }
  rows.models.push({
    stationId: place.stationId,
    inNetwork: place.inNetwork === true,
    latitude: place.inNetwork ? place.latitude : null,
    longitude: place.inNetwork ? place.longitude : null,
    heatC: null,
    priorDigest: place.inNetwork ? configDigest : null,
    priorStations: place.inNetwork ? "USW00003017 USW00014739" : null,
    priorFirstTime: place.inNetwork ? Date.UTC(2016, 0) : null,
    priorLastTime: place.inNetwork ? Date.UTC(2020, 11, 31, 23) : null,
  });
  const features = [...featureNames.slice(0, 30), ...(place.inNetwork ? pointFeatureNames : [])];
  for (const { snapshotId, throughTime } of rows.snapshots.filter(
    (row) => row.kept && row.stationId === place.stationId,
  ))
    for (const variable of variables) {
      for (let leadHours = 1; leadHours <= 72; leadHours++) {
        features.forEach((feature, i) => {
          const usual =
            feature === "T₋0" ? 8 * Math.exp(-leadHours / 18) : 2 * Math.sin(i + leadHours / 12) * Math.exp(-i / 8);
          const weight = hundredths(usual * (1 - (to - throughTime) / dayMs / 50));
          rows.weights.push({ stationId: place.stationId, snapshotId, variable, leadHours, feature, weight });
        });
      }
    }
  rows.quarantine.push(
    {
      stationId: place.stationId,
      source: "ghcnh",
      file: `GHCNh_${place.stationId}_2026.psv`,
      row: 114,
      reportTime: to - 40 * hourMs,
      schema: "clean",
      column: "temperature",
      check: "physical range",
      value: "99.9",
      severity: "error",
      seenTime: to,
    },
    {
      stationId: place.stationId,
      source: "ghcnh",
      file: `GHCNh_${place.stationId}_2026.psv`,
      row: 208,
      reportTime: null,
      schema: "raw",
      column: "temperature_Quality_Code",
      check: "quality",
      value: "<script>alert(1)</script>",
      severity: "error",
      seenTime: to,
    },
  );
}
