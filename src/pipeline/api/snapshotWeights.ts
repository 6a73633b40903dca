import { featureNames } from "../../model/features/features.js";
import { pointFeatureNames } from "../../model/features/networkFeatures.js";
import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import { type Variable, variables } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** Place of each feature in the order of the model. */
const places = new Map([...featureNames, ...pointFeatureNames].map((name, i) => [name, i]));

/** The weights of each snapshot with a kept state, oldest first, of several stations in their order. */
export async function snapshotWeights(
  published: Published,
  stations: readonly StationSummary[],
): Promise<{ snapshotId: string; weights: SnapshotWeights }[][]> {
  const rows = await rowsByStation<{
    snapshotId: string;
    variable: Variable;
    feature: string;
    leads: string;
    weights: string;
  }>(
    published,
    stations,
    `SELECT stationId, snapshotId, variable, feature, to_json(list(leadHours::INTEGER ORDER BY leadHours)) AS leads,
       to_json(list(round(weight, 3) ORDER BY leadHours)) AS weights
     FROM weights WHERE stationId IN $stations GROUP BY ALL`,
  );
  const kept = await rowsByStation<{ snapshotId: string }>(
    published,
    stations,
    "SELECT stationId, snapshotId FROM snapshots WHERE stationId IN $stations AND kept ORDER BY stationId, throughTime",
  );
  return stations.map((station) =>
    kept(station).map(({ snapshotId }) => {
      const matrix = (variable: Variable): WeightMatrix => {
        const own = rows(station)
          .filter((row) => row.snapshotId === snapshotId && row.variable === variable)
          .sort((a, b) => places.get(a.feature)! - places.get(b.feature)!);
        return {
          features: own.map(({ feature }) => feature),
          leads: own[0] ? JSON.parse(own[0].leads) : [],
          rows: own.map((row) => JSON.parse(row.weights)),
        };
      };
      return {
        snapshotId,
        weights: Object.fromEntries(variables.map((variable) => [variable, matrix(variable)])) as SnapshotWeights,
      };
    }),
  );
}
