import { extremeKinds } from "../../model/extremes/windows.js";
import {
  type EveningForecastRow,
  type StationEvening,
  talliesOf,
  tallyNights,
} from "../../shared/published/evenings.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** Reads each station's evening forecasts of the newest night and of the newest day that have ended, with the tallies up to them. */
export async function newestEvenings(
  published: Pick<Published, "query">,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => StationEvening[]> {
  // The newest ones, decided or not, and those that the tallies count.
  const rows = await rowsByStation<EveningForecastRow>(
    published,
    stations,
    `FROM evenings WHERE stationId IN $stations AND hoursMissing IS NOT NULL
     QUALIFY row_number() OVER (PARTITION BY stationId, kind ORDER BY issuedTime DESC) = 1
       OR truthC IS NOT NULL AND row_number() OVER (
         PARTITION BY stationId, kind, live, truthC IS NULL ORDER BY issuedTime DESC) <= ${tallyNights}
     ORDER BY stationId, issuedTime, kind DESC`,
  );
  return (station) =>
    extremeKinds.flatMap((kind) => {
      const newest = rows(station).findLast((row) => row.kind === kind);
      return newest ? [{ ...newest, tally: talliesOf(rows(station), newest) }] : [];
    });
}
