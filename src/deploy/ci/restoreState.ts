import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shownPlace } from "../../data/http/address.js";
import { countGrowingTables, restoredFile } from "../../pipeline/publish/checkPublished.js";
import type { Report } from "../../shared/progress.js";
import { InvalidCheckpointError, manifestName, readManifest } from "../checkpoint/checkpointManifest.js";
import { openCheckpoint, wantedFiles } from "../checkpoint/openCheckpoint.js";
import { type Restored, restoreCheckpoint } from "../checkpoint/restoreCheckpoint.js";
import type { CiSettings } from "./ciSettings.js";
import { checkOutBranch } from "./orphanBranch.js";
import { findSite } from "./servedSite.js";
import { rememberVersion, savedVersion } from "./stateVersion.js";

/** The folder of the published site that has the copy of the state. */
export const stateCopy = "state/";

export interface RestoreStateOptions {
  home: string;
  /** Only these are restored; all stations if absent. */
  stations?: ReadonlySet<string> | undefined;
  /** Checkpoints of parts of the stations that have gone on since. */
  parts?: readonly string[];
  report: Report;
}

/**
 * Restores the state from where it is kept, else from the copy on the published site. What can't be restored from is
 * told, with the reason.
 * @returns null after a cold start
 * @throws when there is no valid state anywhere, and no cold start was asked for; or where it is kept can't be reached,
 * which is not the same as a state that is lost: the site's copy may be older
 */
export async function restoreState(settings: CiSettings, options: RestoreStateOptions): Promise<Restored | null> {
  const { home, stations, parts = [], report } = options;
  const kept = await savedVersion(settings);
  const temporary = await mkdtemp(join(tmpdir(), "isotherm-state-"));
  try {
    const found = await restoreFirst(settings, options, temporary);
    rememberVersion(home, kept);
    if (found) {
      // Parts that do not go on from the newest state are not to be tried on an older one.
      const restored = found.restored ?? (await restoreCheckpoint([found.place, ...parts], { home, stations }));
      // What parts bring is compared with the state that they go on from.
      const rows = found.restored ? await countGrowingTables(home) : restored.rows;
      await writeFile(restoredFile(home), JSON.stringify(rows));
      report.info(`restored ${restored.stations.length} stations from ${found.name}`);
      return restored;
    }
    if (parts.length > 0) return await restoreCheckpoint(parts, { home, stations });
    report.warn("cold start: beginning with nothing");
    return null;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

interface Found {
  place: string;
  /** What people call it. */
  name: string;
  /** Null where it was only checked, because parts go before it. */
  restored: Restored | null;
}

/**
 * Restores from the first place that has a valid state; null where none has, and a cold start was asked for. Throws where
 * the state that is kept can't be reached.
 */
async function restoreFirst(
  settings: CiSettings,
  { home, stations, parts = [], report }: RestoreStateOptions,
  temporary: string,
): Promise<Found | null> {
  const reasons: string[] = [];
  for (const find of [keptPlace, sitePlace]) {
    try {
      const place = await find(settings, { folder: join(temporary, find.name), stations });
      const name = find === keptPlace ? where(settings) : place;
      if (parts.length === 0) return { place, name, restored: await restoreCheckpoint([place], { home, stations }) };
      await (await openCheckpoint(place, { stations })).close();
      return { place, name, restored: null };
    } catch (error) {
      if (find === keptPlace && !(error instanceof InvalidCheckpointError)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      report.warn(reason);
      reasons.push(reason);
    }
  }
  if (settings.coldStart) return null;
  throw new Error(
    `no state to go on from; to begin with nothing, run the workflow by hand with a cold start\n${reasons.join("\n")}`,
  );
}

function where({ state, stateBranch }: CiSettings): string {
  return state === null ? `branch ${stateBranch}` : shownPlace(state);
}

interface Wanted {
  folder: string;
  stations: ReadonlySet<string> | undefined;
}

async function keptPlace(settings: CiSettings, { folder, stations }: Wanted): Promise<string> {
  if (settings.state) return settings.state;
  await mkdir(folder, { recursive: true });
  // The manifest tells which files hold the stations; no others are fetched.
  const names = () => wantedFiles(readManifest(folder), { stations }).map(({ path }) => path);
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
  if (!site) throw new Error("there is no published site to take the state from: Pages is not switched on");
  return new URL(stateCopy, site.url).href;
}
