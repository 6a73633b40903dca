import { parseArgs } from "node:util";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { stationSummaries } from "../api/stations.js";
import type { Published } from "../published/published.js";

/** The station that a parameterised loader is asked for: `--station=<key>`. */
export async function findStation(published: Published): Promise<StationSummary> {
  const { values } = parseArgs({ options: { station: { type: "string" } }, strict: false });
  const found = (await stationSummaries(published)).find(({ key }) => key === values.station);
  if (!found) throw new Error(`no station ${values.station} published`);
  return found;
}
