import { sqlText } from "../../data/store/sqlText.js";
import { firstHourOfMonth, hourOf, monthOf } from "../../model/calendar.js";
import {
  correctedOf,
  type ExpertName,
  expertNames,
  guidanceSources,
  reportedLeads,
  scoredOnly,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { ModelRow, SnapshotRow } from "../../shared/published/modelTables.js";
import type { ExpertWeightSeries, StationModel, StationPrior } from "../../shared/published/stationModel.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { optionsAround } from "../replay/networkInput.js";
import { type Published, rowsByStation } from "./openPublished.js";
import { guidanceRunCounts } from "./stationParquet.js";

/** Number of newest snapshots that are always listed. */
const newestSnapshots = 24;
/** Most points of a series, including the newest. */
const longestSeries = 270;

/** `/api/<key>/model.json` of several stations, in their order. */
export async function stationModels(
  published: Published,
  stations: readonly StationSummary[],
): Promise<StationModel[]> {
  const { publishedModel: model, modelOptions } = published.manifest;
  const models = await rowsByStation<Omit<ModelRow, "stationId">>(
    published,
    stations,
    "FROM models WHERE stationId IN $stations",
  );
  const chains = await rowsByStation<Omit<SnapshotRow, "stationId">>(
    published,
    stations,
    "FROM snapshots WHERE stationId IN $stations ORDER BY stationId, throughTime",
  );
  const alarms = await rowsByStation<StationModel["alarms"][number]>(
    published,
    stations,
    "FROM alarms WHERE stationId IN $stations ORDER BY stationId, time, variable",
  );
  const guidanceRuns = await guidanceRunCounts(published, stations);
  const weights = await expertWeights(published, stations);
  return stations.map((station) => {
    const chain = chains(station);
    const own = models(station)[0];
    const place = own ? placeOf(own) : null;
    return {
      schemaVersion: 4,
      station,
      model,
      options: optionsAround(modelOptions, place ?? undefined, {
        timeZone: station.timeZone,
        heatC: own?.heatC,
      }),
      place,
      prior: own ? priorOf(own) : null,
      guidanceRuns: guidanceRuns(station),
      chainLength: chain.length,
      snapshots: chain.filter(
        ({ throughTime, kept }, i) => i === 0 || kept || endsMonth(throughTime) || i >= chain.length - newestSnapshots,
      ),
      expertWeights: weights(station),
      alarms: alarms(station),
    };
  });
}

function placeOf({ latitude, longitude }: Omit<ModelRow, "stationId">): StationModel["place"] {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function priorOf(row: Omit<ModelRow, "stationId">): StationPrior | null {
  const { priorDigest: digest, priorStations, priorFirstTime, priorLastTime } = row;
  if (digest === null) return null;
  return {
    digest,
    stations: priorStations!.split(" "),
    firstTime: priorFirstTime!,
    lastTime: priorLastTime!,
  };
}

function endsMonth(time: number): boolean {
  const hour = hourOf(time);
  return firstHourOfMonth(monthOf(hour) + 1) === hour + 1;
}

/** Experts that are left out while they have no weight: those without a part in the mixture, and guidance. */
const withoutWeight = [...scoredOnly, ...guidanceSources.flatMap((source) => [source, correctedOf(source)])];

async function expertWeights(
  published: Published,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => ExpertWeightSeries[]> {
  const rows = await rowsByStation<{
    variable: Variable;
    leadHours: number;
    model: ExpertName;
    times: string;
    weights: string;
  }>(
    published,
    stations,
    `WITH chosen AS (FROM expertWeights WHERE stationId IN $stations AND leadHours IN (${reportedLeads})),
     -- Thins the points of a series, counting from its newest.
     thinned AS (
       FROM (SELECT DISTINCT stationId, variable, leadHours, time FROM chosen)
       QUALIFY (row_number() OVER (PARTITION BY stationId, variable, leadHours ORDER BY time DESC) - 1)
         % greatest(1, ceil(count(*) OVER (PARTITION BY stationId, variable, leadHours) / ${longestSeries})) = 0)
     SELECT stationId, variable, leadHours, model, to_json(list(time ORDER BY time)) AS times,
       to_json(list(round(weight * 1000)::INTEGER ORDER BY time)) AS weights
     FROM chosen SEMI JOIN thinned USING (stationId, variable, leadHours, time)
     GROUP BY ALL HAVING max(weight) > 0 OR model NOT IN (${withoutWeight.map(sqlText).join(", ")})`,
  );
  return (station) =>
    variables.flatMap((variable) =>
      reportedLeads.flatMap((leadHours) => {
        const own = rows(station).filter((row) => row.variable === variable && row.leadHours === leadHours);
        if (own.length === 0) return [];
        const weights = Object.fromEntries(
          expertNames.flatMap((name) => {
            const row = own.find(({ model }) => model === name);
            return row ? [[name, JSON.parse(row.weights) as number[]]] : [];
          }),
        ) as Record<ExpertName, number[]>;
        return [{ variable, leadHours, time: JSON.parse(own[0]!.times) as number[], weights }];
      }),
    );
}
