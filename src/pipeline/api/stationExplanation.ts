import { expertNames, type Variable, variables } from "../../model/vocabulary.js";
import type { Explanation, StationExplanation } from "../../shared/published/stationExplanation.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "./openPublished.js";

export async function stationExplanation(
  { query, manifest }: Published,
  station: StationSummary,
): Promise<StationExplanation> {
  const { stationId } = station;
  const rows = await query<{ issuedTime: number; variable: Variable; leadHours: number; part: string; c: number }>(
    `SELECT issuedTime, variable, leadHours, part, contributionC AS c FROM explanations WHERE stationId = $stationId`,
    { stationId },
  );
  const issuedTime = rows[0]?.issuedTime ?? null;
  const issued = await query<{
    variable: Variable;
    model: string;
    leadHours: number;
    valueC: number;
    weight: number | null;
  }>(
    `SELECT f.variable, f.model, f.leadHours, f.valueC, round(w.weight, 3)::DOUBLE AS weight
     FROM forecasts f LEFT JOIN expertWeights w ON w.stationId = f.stationId AND w.variable = f.variable
       AND w.model = f.model AND w.leadHours = f.leadHours AND w.time = f.issuedTime
     WHERE f.stationId = $stationId AND f.issuedTime = $issuedTime`,
    { stationId, issuedTime },
  );
  const ofVariable = (variable: Variable): Explanation => {
    const ofModel = (model: string) =>
      new Map(
        issued.filter((row) => row.variable === variable && row.model === model).map((row) => [row.leadHours, row]),
      );
    const published = ofModel(manifest.publishedModel);
    const own = rows.filter((row) => row.variable === variable && published.has(row.leadHours));
    const leads = [...new Set(own.map(({ leadHours }) => leadHours))].sort((a, b) => a - b);
    return {
      leads,
      forecastC: leads.map((lead) => published.get(lead)!.valueC),
      parts: partsOf(own, leads),
      experts: expertNames.flatMap((model) => {
        const of = ofModel(model);
        if (of.size === 0) return [];
        const forecastC = leads.map((lead) => of.get(lead)?.valueC ?? null);
        return [{ model, forecastC, weight: leads.map((lead) => of.get(lead)?.weight ?? null) }];
      }),
    };
  };
  return {
    schemaVersion: 1,
    station,
    issuedTime,
    variables: Object.fromEntries(variables.map((v) => [v, ofVariable(v)])) as Record<Variable, Explanation>,
  };
}

function partsOf(rows: { leadHours: number; part: string; c: number }[], leads: number[]): Explanation["parts"] {
  const parts = new Map<string, number[]>([["now", leads.map(() => 0)]]);
  for (const { leadHours, part, c } of rows) {
    const hundredths = parts.get(part) ?? leads.map(() => 0);
    hundredths[leads.indexOf(leadHours)] = Math.round(c * 100);
    parts.set(part, hundredths);
  }
  if (leads.length === 0) return [];
  return Array.from(parts, ([part, hundredths]) => ({ part, hundredths }));
}
