import { resolveStations } from "../../data/stations/stations.js";
import type { Report } from "../../shared/progress.js";
import { textTable } from "../../shared/textTable.js";
import { readStore } from "../run.js";
import { trainedStations, type VerifiedStation, verifyStations } from "./verify.js";

export interface VerifyArguments {
  /** GHCNh ids or ICAO codes; by default every trained station. */
  station?: readonly string[];
  /** Start of the replay, epoch milliseconds. */
  since?: number;
}

/** Verifies stations of the configured store. Throws when no station is trained. */
export async function runVerify({ station, since }: VerifyArguments, report: Report): Promise<VerifiedStation[]> {
  return readStore(async (store, config) => {
    const named = station && (await resolveStations(config, station, report)).map(({ stationId }) => stationId);
    const stationIds = named ?? (await trainedStations(store));
    if (stationIds.length === 0) throw new Error(`no station is trained yet in ${config.home}`);
    return verifyStations(store, config, stationIds, { since, report });
  });
}

/** A table of what was compared, one line per station. */
export function verifyText(stations: readonly VerifiedStation[]): string {
  const rows = stations.map(({ difference, ledgerDifference, ...counts }) => {
    const results = [
      ...(difference ? [`${difference.what} differs at ${difference.time}`] : []),
      ...(ledgerDifference ? [`ledger differs from entry ${ledgerDifference.entry} on`] : []),
    ];
    return { ...counts, result: results.join(", ") || "as recorded" };
  });
  const counted = ["hours", "snapshots", "states", "issues", "forecasts", "entries"] as const;
  return textTable(rows, ["id", "from", "through", ...counted, "result"]);
}

/** The first difference of each station, one per line; empty when all is as recorded. */
export function differenceText(stations: readonly VerifiedStation[]): string {
  return stations
    .flatMap(({ id, difference, ledgerDifference }) => [
      ...(difference ? [`${id} differs from ${difference.time} on (${difference.what}): ${difference.message}`] : []),
      ...(ledgerDifference ? [`${id}, ${ledgerText(ledgerDifference)}`] : []),
    ])
    .join("\n");
}

function ledgerText({ entry, time, message }: NonNullable<VerifiedStation["ledgerDifference"]>): string {
  return `ledger entry ${entry}${time === null ? "" : ` of ${time}`}: ${message}`;
}
