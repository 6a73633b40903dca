import { sqlText } from "../../data/store/sqlText.js";
import { featureNames } from "../../model/features/features.js";
import { pointFeatureNames } from "../../model/features/networkFeatures.js";
import type { WeightMatrix } from "../../model/forecaster/regressionWeights.js";
import { type Variable, variables } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** Place of each feature in the order of the model. */
const places = new Map([...featureNames, ...pointFeatureNames].map((name, i) => [name, i]));

/**
 * The weights of each snapshot with a kept state, oldest first, of several stations in their order.
 * @param isChosen whether a snapshot's weights are read; defaults to all
 */
export async function snapshotWeights(
  published: Published,
  stations: readonly StationSummary[],
  isChosen: (station: StationSummary, snapshotId: string) => boolean = () => true,
): Promise<{ snapshotId: string; weights: SnapshotWeights }[][]> {
  const kept = await rowsByStation<{ snapshotId: string }>(
    published,
    stations,
    "SELECT stationId, snapshotId FROM snapshots WHERE stationId IN $stations AND kept ORDER BY stationId, throughTime",
  );
  const chosen = (station: StationSummary) => kept(station).filter(({ snapshotId }) => isChosen(station, snapshotId));
  const ids = stations.flatMap((station) => chosen(station).map(({ snapshotId }) => sqlText(snapshotId)));
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
     FROM weights WHERE stationId IN $stations AND snapshotId IN (${["''", ...ids].join(", ")}) GROUP BY ALL`,
  );
  return stations.map((station) =>
    chosen(station).map(({ snapshotId }) => {
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
