import { loadConfig } from "../../pipeline/loadConfig.js";
import type { Report } from "../../shared/progress.js";
import type { CarriedStates } from "./carriedStates.js";
import { stationsOf } from "./checkpointManifest.js";
import { restoreCheckpoint } from "./restoreCheckpoint.js";
import { saveCheckpoint } from "./saveCheckpoint.js";

/** Writes a checkpoint of the configured home. */
export async function runCheckpoint(
  { place, states }: { place: string; states: CarriedStates },
  report: Report,
): Promise<void> {
  const { home, contact, stations } = await loadConfig();
  const manifest = await saveCheckpoint({ home, place, states, stations, contact, report });
  const files = [...manifest.tables, ...manifest.snapshots];
  const megabytes = (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
  report.info(
    `checkpoint of ${stationsOf(manifest).length} stations, ${throughText(manifest.lastHour)}: ${files.length} files, ${megabytes} MB`,
  );
}

/** Replaces what is stored in the configured home. */
export async function runRestore({ places }: { places: readonly string[] }, report: Report): Promise<void> {
  const { home, contact } = await loadConfig();
  const { stations, lastHour } = await restoreCheckpoint(places, { home, contact });
  report.info(`restored ${stations.length} stations, ${throughText(lastHour)}`);
}

function throughText(lastHour: number | null): string {
  return lastHour === null ? "nothing learned" : `learned through ${new Date(lastHour).toISOString()}`;
}
