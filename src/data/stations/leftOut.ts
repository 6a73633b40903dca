import type { Config } from "../../shared/config.js";
import { sqlText } from "../store/sqlText.js";
import type { Store } from "../store/store.js";

const prefix = "configured/";

/**
 * Remembers which stations were updated because the configuration has them, so that one that is taken out of it leaves the
 * site. One that somebody names stays there, configured or not.
 */
export async function rememberChosen(
  store: Pick<Store, "run">,
  stationIds: readonly string[],
  { isNamed }: { isNamed: boolean },
): Promise<void> {
  if (stationIds.length === 0) return;
  const keys = stationIds.map((id) => `(${sqlText(prefix + id)})`).join(", ");
  if (isNamed) await store.run(`DELETE FROM meta WHERE key IN (${keys})`);
  else await store.run(`INSERT INTO meta SELECT *, 'true' FROM (VALUES ${keys}) ON CONFLICT DO NOTHING`);
}

/** The stations that were taken out of the configuration: what was learned of them stays stored, and is not published. */
export async function leftOut(store: Pick<Store, "all">, { stations }: Pick<Config, "stations">): Promise<string[]> {
  const rows = await store.all<{ key: string }>(
    `SELECT key FROM meta WHERE starts_with(key, '${prefix}') ORDER BY key`,
  );
  const configured = new Set(stations.map(({ id }) => id));
  return rows.map(({ key }) => key.slice(prefix.length)).filter((id) => !configured.has(id));
}
