import { expertNames, type Variable, variables } from "../../model/vocabulary.js";
import type { Explanation, StationExplanation } from "../../shared/published/stationExplanation.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** `/api/<key>/explanation.json` of several stations, in their order. */
export async function stationExplanations(
  published: Published,
  stations: readonly StationSummary[],
): Promise<StationExplanation[]> {
  const explained = await rowsByStation<{
    issuedTime: number;
    variable: Variable;
    leadHours: number;
    part: string;
    contributionC: number;
  }>(
    published,
    stations,
    `SELECT stationId, issuedTime, variable, leadHours, part, contributionC
     FROM explanations WHERE stationId IN $stations`,
  );
  const issued = await rowsByStation<{
    variable: Variable;
    model: string;
    leadHours: number;
    valueC: number;
    weight: number | null;
  }>(
    published,
    stations,
    `WITH explained AS (SELECT DISTINCT stationId, issuedTime FROM explanations WHERE stationId IN $stations)
     SELECT stationId, f.variable, f.model, f.leadHours, f.valueC, round(w.weight, 3)::DOUBLE AS weight
     FROM forecasts f JOIN explained USING (stationId, issuedTime)
       LEFT JOIN expertWeights w ON w.stationId = f.stationId AND w.variable = f.variable
         AND w.model = f.model AND w.leadHours = f.leadHours AND w.time = f.issuedTime`,
  );
  const model = published.manifest.publishedModel;
  return stations.map((station) => {
    const rows = explained(station);
    const ofVariable = (variable: Variable): Explanation => {
      const ofModel = (name: string) => {
        const own = issued(station).filter((row) => row.variable === variable && row.model === name);
        return new Map(own.map((row) => [row.leadHours, row]));
      };
      const mixture = ofModel(model);
      const own = rows.filter((row) => row.variable === variable && mixture.has(row.leadHours));
      const leads = [...new Set(own.map(({ leadHours }) => leadHours))].sort((a, b) => a - b);
      return {
        leads,
        forecastC: leads.map((lead) => mixture.get(lead)!.valueC),
        parts: partsOf(own, leads),
        experts: expertNames.flatMap((name) => {
          const rowAt = ofModel(name);
          if (rowAt.size === 0) return [];
          const forecastC = leads.map((lead) => rowAt.get(lead)?.valueC ?? null);
          return [{ model: name, forecastC, weight: leads.map((lead) => rowAt.get(lead)?.weight ?? null) }];
        }),
      };
    };
    return {
      schemaVersion: 1,
      station,
      issuedTime: rows[0]?.issuedTime ?? null,
      variables: Object.fromEntries(variables.map((v) => [v, ofVariable(v)])) as Record<Variable, Explanation>,
    };
  });
}

function partsOf(
  rows: { leadHours: number; part: string; contributionC: number }[],
  leads: number[],
): Explanation["parts"] {
  const parts = new Map<string, number[]>([["now", leads.map(() => 0)]]);
  for (const { leadHours, part, contributionC } of rows) {
    const hundredths = parts.get(part) ?? leads.map(() => 0);
    hundredths[leads.indexOf(leadHours)] = Math.round(contributionC * 100);
    parts.set(part, hundredths);
  }
  if (leads.length === 0) return [];
  return Array.from(parts, ([part, hundredths]) => ({ part, hundredths }));
}
