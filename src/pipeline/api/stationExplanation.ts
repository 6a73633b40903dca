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
    part: string;
    leads: string;
    hundredths: string;
  }>(
    published,
    stations,
    `SELECT stationId, any_value(issuedTime) AS issuedTime, variable, part,
       to_json(list(leadHours::INTEGER ORDER BY leadHours)) AS leads,
       to_json(list(round(contributionC * 100)::INTEGER ORDER BY leadHours)) AS hundredths
     FROM explanations WHERE stationId IN $stations GROUP BY stationId, variable, part
     ORDER BY stationId, variable, min(leadHours), part`,
  );
  const issued = await rowsByStation<{
    variable: Variable;
    model: string;
    leads: string;
    values: string;
    weights: string;
  }>(
    published,
    stations,
    `WITH explained AS (SELECT DISTINCT stationId, issuedTime FROM explanations WHERE stationId IN $stations)
     SELECT stationId, f.variable, f.model, to_json(list(f.leadHours::INTEGER ORDER BY f.leadHours)) AS leads,
       to_json(list(f.valueC ORDER BY f.leadHours)) AS values,
       to_json(list(round(w.weight, 3)::DOUBLE ORDER BY f.leadHours)) AS weights
     FROM forecasts f JOIN explained USING (stationId, issuedTime)
       LEFT JOIN expertWeights w ON w.stationId = f.stationId AND w.variable = f.variable
         AND w.model = f.model AND w.leadHours = f.leadHours AND w.time = f.issuedTime
     GROUP BY stationId, f.variable, f.model`,
  );
  const model = published.manifest.publishedModel;
  return stations.map((station) => {
    const ofVariable = (variable: Variable): Explanation => {
      const ofModel = (name: string): Map<number, { valueC: number; weight: number | null }> => {
        const row = issued(station).find((one) => one.variable === variable && one.model === name);
        if (!row) return new Map();
        const [values, weights] = [numbers(row.values), JSON.parse(row.weights) as (number | null)[]];
        return new Map(numbers(row.leads).map((lead, i) => [lead, { valueC: values[i]!, weight: weights[i]! }]));
      };
      const mixture = ofModel(model);
      const rows = explained(station)
        .filter((row) => row.variable === variable)
        .map((row) => ({ part: row.part, leads: numbers(row.leads), hundredths: numbers(row.hundredths) }));
      const leads = [...new Set(rows.flatMap((row) => row.leads))]
        .filter((lead) => mixture.has(lead))
        .sort((a, b) => a - b);
      return {
        leads,
        forecastC: leads.map((lead) => mixture.get(lead)!.valueC),
        parts: partsOf(rows, leads),
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
      issuedTime: explained(station)[0]?.issuedTime ?? null,
      variables: Object.fromEntries(variables.map((v) => [v, ofVariable(v)])) as Record<Variable, Explanation>,
    };
  });
}

function numbers(json: string): number[] {
  return JSON.parse(json);
}

function partsOf(
  rows: { part: string; leads: number[]; hundredths: number[] }[],
  leads: number[],
): Explanation["parts"] {
  if (leads.length === 0) return [];
  const positions = new Map(leads.map((lead, i) => [lead, i]));
  const parts = new Map<string, number[]>([["now", leads.map(() => 0)]]);
  for (const row of rows) {
    const hundredths = leads.map(() => 0);
    for (const [i, lead] of row.leads.entries()) {
      const position = positions.get(lead);
      if (position !== undefined) hundredths[position] = row.hundredths[i]!;
    }
    parts.set(row.part, hundredths);
  }
  return Array.from(parts, ([part, hundredths]) => ({ part, hundredths }));
}
