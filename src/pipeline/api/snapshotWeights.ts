import { featureNames } from "../../model/features/features.js";
import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import { type Variable, variables } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import type { Published } from "./openPublished.js";

/** The weights of each snapshot with a kept state, oldest first. */
export async function snapshotWeights(
  { query }: Published,
  stationId: string,
): Promise<{ snapshotId: string; weights: SnapshotWeights }[]> {
  const rows = await query<{ snapshotId: string; variable: Variable; feature: string; leads: string; weights: string }>(
    `SELECT snapshotId, variable, feature, to_json(list(leadHours::INTEGER ORDER BY leadHours)) AS leads,
       to_json(list(round(weight, 4) ORDER BY leadHours)) AS weights
     FROM weights WHERE stationId = $stationId GROUP BY ALL`,
    { stationId },
  );
  const kept = await query<{ snapshotId: string }>(
    "SELECT snapshotId FROM snapshots WHERE stationId = $stationId AND kept ORDER BY throughTime",
    { stationId },
  );
  return kept.map(({ snapshotId }) => {
    const matrix = (variable: Variable): WeightMatrix => {
      const own = rows
        .filter((row) => row.snapshotId === snapshotId && row.variable === variable)
        .sort((a, b) => featureNames.indexOf(a.feature) - featureNames.indexOf(b.feature));
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
  });
}
