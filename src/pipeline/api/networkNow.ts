import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { AnomalyRow } from "../../shared/published/observationTables.js";
import type { Published } from "./openPublished.js";

/** `/api/anomalies.json` */
export async function networkNow({ query }: Pick<Published, "query">): Promise<NetworkNow> {
  const rows = await query<AnomalyRow>("FROM anomalies ORDER BY stationId");
  return {
    schemaVersion: 1,
    time: rows[0]?.validTime ?? null,
    stations: rows.map(({ validTime: _, ...station }) => station),
  };
}
