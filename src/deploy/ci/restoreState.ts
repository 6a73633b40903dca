import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shownPlace } from "../../data/http/address.js";
import { countGrowingTables, restoredFile } from "../../pipeline/publish/checkPublished.js";
import type { Report } from "../../shared/progress.js";
import { InvalidCheckpointError, manifestName, readManifest } from "../checkpoint/checkpointManifest.js";
import { filesOfStations, openCheckpoint } from "../checkpoint/openCheckpoint.js";
import { type Restored, restoreCheckpoint } from "../checkpoint/restoreCheckpoint.js";
import type { CiSettings } from "./ciSettings.js";
import { checkOutBranch } from "./orphanBranch.js";
import { findSite } from "./servedSite.js";
import { rememberVersion, savedVersion } from "./stateVersion.js";

/** The folder of the published site that has the copy of the state. */
export const stateCopy = "state/";

export interface RestoreStateOptions {
  home: string;
  /** Stations to restore; defaults to all. */
  stations?: ReadonlySet<string> | undefined;
  /** Newer checkpoints of the shards, which continue the state. */
  parts?: readonly string[];
  report: Report;
}

/**
 * Restores the saved state, or else the copy on the published site. Warns of each that is not valid.
 * @returns null after a cold start
 * @throws when neither is valid and no cold start was requested; also when the saved state can't be reached, because the
 * site's copy may be older
 */
export async function restoreState(settings: CiSettings, options: RestoreStateOptions): Promise<Restored | null> {
  const { home, stations, parts = [], report } = options;
  const version = await savedVersion(settings);
  const temporary = await mkdtemp(join(tmpdir(), "isotherm-state-"));
  try {
    const found = await restoreFirst(settings, options, temporary);
    rememberVersion(home, version);
    if (found) {
      // Shards that do not continue the newest state must not be tried on the older copy.
      const restored = found.restored ?? (await restoreCheckpoint([found.place, ...parts], { home, stations }));
      // `check` compares the tables with the state that the shards continue.
      const rows = found.restored ? await countGrowingTables(home) : restored.rows;
      await writeFile(restoredFile(home), JSON.stringify(rows));
      report.info(`restored ${restored.stations.length} stations from ${found.name}`);
      return restored;
    }
    if (parts.length > 0) return await restoreCheckpoint(parts, { home, stations });
    report.warn("cold start: starting without a state");
    return null;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

interface ValidState {
  place: string;
  /** For messages. */
  name: string;
  /** Null when it was only checked, because there are shards to add. */
  restored: Restored | null;
}

/**
 * Restores from the first place with a valid state; null when there is none and a cold start was requested. Throws when
 * the saved state can't be reached.
 */
async function restoreFirst(
  settings: CiSettings,
  { home, stations, parts = [], report }: RestoreStateOptions,
  temporary: string,
): Promise<ValidState | null> {
  const reasons: string[] = [];
  for (const find of [savedPlace, sitePlace]) {
    try {
      const place = await find(settings, { folder: join(temporary, find.name), stations });
      const name = find === savedPlace ? where(settings) : place;
      if (parts.length === 0) return { place, name, restored: await restoreCheckpoint([place], { home, stations }) };
      await (await openCheckpoint(place, { stations })).close();
      return { place, name, restored: null };
    } catch (error) {
      if (find === savedPlace && !(error instanceof InvalidCheckpointError)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      report.warn(reason);
      reasons.push(reason);
    }
  }
  if (settings.coldStart) return null;
  throw new Error(
    `no valid state found; to start without one, run the workflow by hand with a cold start\n${reasons.join("\n")}`,
  );
}

function where({ state, stateBranch }: CiSettings): string {
  return state === null ? `branch ${stateBranch}` : shownPlace(state);
}

interface PlaceOptions {
  folder: string;
  stations: ReadonlySet<string> | undefined;
}

async function savedPlace(settings: CiSettings, { folder, stations }: PlaceOptions): Promise<string> {
  if (settings.state) return settings.state;
  await mkdir(folder, { recursive: true });
  // Fetches only the files that hold the stations, according to the manifest.
  const names = () => filesOfStations(readManifest(folder), { stations }).map(({ path }) => path);
  const only = stations ? { first: manifestName, names } : undefined;
  const found = await checkOutBranch(settings.remote, {
    folder,
    branch: settings.stateBranch,
    ...(only ? { only } : {}),
  });
  if (!found) throw new InvalidCheckpointError(`there is no branch ${settings.stateBranch}`);
  return folder;
}

async function sitePlace(settings: CiSettings): Promise<string> {
  const site = await findSite(settings);
  if (!site) throw new Error("there is no published site to restore the state from: Pages is not enabled");
  return new URL(stateCopy, site.url).href;
}
