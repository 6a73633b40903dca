import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerHead, LedgerIndex, StationHead } from "../../shared/published/ledgerIndex.js";
import { ledgerHeadOf } from "../ledger/ledgerEntries.js";
import type { Published } from "./openPublished.js";

/**
 * Writes `/api/ledger.json` and one Parquet file per day of runs (UTC), with one entry per row and its values as a list.
 * Files of past days never change, so they are not sent again; Parquet halves the size of the digests.
 */
export async function writeLedger(published: Published, dir: string): Promise<void> {
  await mkdir(join(dir, "api", "ledger"), { recursive: true });
  for (const { day } of await ledgerDays(published)) {
    await published.copy(
      `SELECT l.*, coalesce(listed, []) AS "values"
       FROM stored.ledger AS l LEFT JOIN (
         SELECT stationId, entry, list(struct_pack(validTime, variable, value, source, seenTime)
           ORDER BY validTime, variable) AS listed
         FROM stored.ledgerValues GROUP BY stationId, entry
       ) USING (stationId, entry)
       WHERE strftime(time, '%Y-%m-%d') = $day ORDER BY stationId, entry`,
      join(dir, "api", "ledger", `${day}.parquet`),
      { day },
    );
  }
  await writeFile(join(dir, "api", "ledger.json"), JSON.stringify(await ledgerIndex(published)));
}

export async function ledgerIndex(published: Pick<Published, "query">): Promise<LedgerIndex> {
  const stations = await stationHeads(published);
  const files = (await ledgerDays(published)).map(({ day, entries }) => ({ name: `ledger/${day}.parquet`, entries }));
  return { head: ledgerHeadOf(stations), stations, files };
}

async function ledgerDays({ query }: Pick<Published, "query">): Promise<{ day: string; entries: number }[]> {
  return query(
    `SELECT strftime(time, '%Y-%m-%d') AS day, count(*)::DOUBLE AS entries FROM stored.ledger GROUP BY day ORDER BY day`,
  );
}

export async function ledgerHead(published: Pick<Published, "query">): Promise<LedgerHead | null> {
  return ledgerHeadOf(await stationHeads(published));
}

async function stationHeads({ query }: Pick<Published, "query">): Promise<StationHead[]> {
  return query<StationHead>(
    `SELECT stationId, max(entry) AS entries, max(time) AS time, arg_max(hash, entry) AS hash
     FROM ledger GROUP BY stationId ORDER BY stationId`,
  );
}
