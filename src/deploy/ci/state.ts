import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { shownPlace } from "../../data/http/address.js";
import { restoredFile } from "../../pipeline/publish/checkPublished.js";
import type { Config } from "../../shared/config.js";
import type { Report } from "../../shared/progress.js";
import { InvalidCheckpointError, manifestDigest } from "../checkpoint/checkpointManifest.js";
import { type OpenCheckpoint, openCheckpoint, peekManifest } from "../checkpoint/openCheckpoint.js";
import { type Restored, restoreOpened, rowsOf } from "../checkpoint/restoreCheckpoint.js";
import { copyCheckpoint, saveCheckpoint } from "../checkpoint/saveCheckpoint.js";
import { checkOutBranch, pushOrphan } from "./branch.js";
import type { CiSettings } from "./ciSettings.js";
import { findSite } from "./servedSite.js";

const stateBranch = "state";

/** The folder of the published site that has the copy of the state. */
export const stateCopy = "state/";

/** The folder of a home's newest checkpoint, which is copied into the site. */
export function checkpointFolder(home: string): string {
  return join(home, "checkpoint");
}

export interface RestoreStateOptions {
  home: string;
  /** Newer checkpoints, of all that was fetched and of the shards, which continue the state. */
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
  const { home, parts = [], report } = options;
  const folder = await mkdtemp(join(tmpdir(), "isotherm-state-"));
  const opened: OpenCheckpoint[] = [];
  try {
    const { state, version } = await openState(settings, report, folder);
    if (state) opened.push(state);
    else report.warn("cold start: starting without a state");
    for (const part of parts) opened.push(await openCheckpoint(part));
    const restored = opened.length === 0 ? null : await restoreOpened(opened, { home });
    rememberVersion(home, version);
    if (state && restored) {
      // `check` compares the tables with the state.
      writeFileSync(restoredFile(home), JSON.stringify(rowsOf(state)));
      report.info(`restored ${restored.stations.length} stations from ${nameOf(state, folder)}`);
    }
    return restored;
  } finally {
    for (const checkpoint of opened) await checkpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function nameOf({ place }: OpenCheckpoint, folder: string): string {
  return place === folder ? `branch ${stateBranch}` : shownPlace(place);
}

interface FoundState {
  /** Null when none is valid and a cold start was requested. */
  state: OpenCheckpoint | null;
  /** Of the saved state, valid or not; null when there is none. */
  version: string | null;
}

async function openState(settings: CiSettings, report: Report, folder: string): Promise<FoundState> {
  let version: string | null = null;
  const savedPlace = async () => {
    version =
      settings.state === null
        ? await checkOutBranch(settings.remote, { folder, branch: stateBranch })
        : await versionAt(settings.state);
    if (settings.state !== null) return settings.state;
    if (version === null) throw new InvalidCheckpointError(`there is no branch ${stateBranch}`);
    return folder;
  };
  const reasons: string[] = [];
  for (const findPlace of [savedPlace, () => sitePlace(settings)]) {
    try {
      return { state: await openCheckpoint(await findPlace()), version };
    } catch (error) {
      if (findPlace === savedPlace && !(error instanceof InvalidCheckpointError)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      report.warn(reason);
      reasons.push(reason);
    }
  }
  if (settings.coldStart) return { state: null, version };
  throw new Error(
    `no valid state found; to start without one, run the workflow by hand with a cold start\n${reasons.join("\n")}`,
  );
}

async function sitePlace(settings: CiSettings): Promise<string> {
  const site = await findSite(settings);
  if (!site) throw new Error("there is no published site to restore the state from: Pages is not enabled");
  return new URL(stateCopy, site.url).href;
}

/**
 * Writes a checkpoint and saves it for the next run.
 * @throws when the saved state is not the one that the home was restored from or last saved to; nothing is saved
 */
export async function saveState(
  { state, remote }: CiSettings,
  { home, contact, stations }: Config,
  report: Report,
): Promise<void> {
  const folder = checkpointFolder(home);
  const manifest = await saveCheckpoint({ home, place: folder, states: "daily", stations, contact, report });
  const { lastHour } = manifest;
  const through = lastHour === null ? "nothing learned" : `through ${new Date(lastHour).toISOString()}`;
  const expected = rememberedVersion(home);
  if (state === null) {
    const message = `State, ${through}`;
    rememberVersion(home, await pushOrphan(remote, { folder, branch: stateBranch, message, expected }));
    report.info(`state pushed to branch ${stateBranch}, ${through}`);
    return;
  }
  const place = shownPlace(state);
  if ((await versionAt(state, contact)) !== expected) {
    throw new Error(`${place} was changed by another run, or was never restored here; nothing was saved`);
  }
  await copyCheckpoint(folder, { place: state, contact });
  rememberVersion(home, manifestDigest(manifest));
  report.info(`state saved to ${place}, ${through}`);
}

/** The version of the state at a place: the digest of its manifest; null when there is none. Throws when it can't be reached. */
async function versionAt(place: string, contact: string | null = null): Promise<string | null> {
  const manifest = await peekManifest(place, { contact });
  return manifest && manifestDigest(manifest);
}

const StateVersion = z.object({ commit: z.string().nullable() });

/** Remembers the version of the saved state that a home was restored from or last saved to; null for none. */
function rememberVersion(home: string, commit: string | null): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(versionFile(home), JSON.stringify({ commit }));
}

function rememberedVersion(home: string): string | null {
  const file = versionFile(home);
  if (!existsSync(file)) return null;
  try {
    return StateVersion.parse(JSON.parse(readFileSync(file, "utf8"))).commit;
  } catch (error) {
    throw new Error(`${file} is damaged; restore the state again: npm run isotherm -- ci restore`, { cause: error });
  }
}

function versionFile(home: string): string {
  return join(home, "stateTip.json");
}
