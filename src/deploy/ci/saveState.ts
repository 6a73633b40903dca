import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shownPlace } from "../../data/http/address.js";
import type { Config } from "../../shared/config.js";
import type { Report } from "../../shared/progress.js";
import { type CheckpointManifest, manifestName } from "../checkpoint/checkpointManifest.js";
import { peekManifest } from "../checkpoint/openCheckpoint.js";
import { saveCheckpoint } from "../checkpoint/saveCheckpoint.js";
import type { CiSettings } from "./ciSettings.js";
import { checkOutBranch, pushOrphan } from "./orphanBranch.js";
import { isAheadOf, rememberedVersion, rememberVersion, versionOf } from "./stateVersion.js";

/** The folder of a home's newest checkpoint, which is copied into the site. */
export function checkpointFolder(home: string): string {
  return join(home, "checkpoint");
}

/**
 * Writes a checkpoint and saves it for the next run. Throws when another run has changed the saved state since this run
 * restored it, or when the saved state is ahead of a home that was not restored.
 */
export async function saveState(
  settings: CiSettings,
  { home, contact, stations }: Config,
  report: Report,
): Promise<void> {
  const folder = checkpointFolder(home);
  const manifest = await saveCheckpoint({ home, place: folder, states: "daily", stations, contact, report });
  const remembered = rememberedVersion(home);
  if (settings.state !== null) {
    const place = shownPlace(settings.state);
    requireReplaceable(place, await peekManifest(settings.state, { contact }), { manifest, remembered });
    await saveCheckpoint({ home, place: settings.state, states: "daily", stations, contact });
    rememberVersion(home, versionOf(manifest));
    report.info(`state saved to ${place}`);
    return;
  }
  const name = `branch ${settings.stateBranch}`;
  // For a restored home, the push itself checks that the branch is unchanged.
  if (remembered === undefined) requireReplaceable(name, await branchManifest(settings), { manifest, remembered });
  const { lastHour } = manifest;
  const through = lastHour === null ? "nothing learned" : `through ${new Date(lastHour).toISOString()}`;
  const pushed = { folder, branch: settings.stateBranch, message: `State, ${through}`, expected: remembered };
  rememberVersion(home, await pushOrphan(settings.remote, pushed));
  report.info(`state pushed to ${name}, ${through}`);
}

/** @param saved manifest of the saved state; null when there is none */
function requireReplaceable(
  name: string,
  saved: CheckpointManifest | null,
  { manifest, remembered }: { manifest: CheckpointManifest; remembered: string | null | undefined },
): void {
  if (saved === null || versionOf(saved) === remembered) return;
  if (remembered !== undefined) {
    throw new Error(`${name} was changed by another run in the meantime; nothing was saved`);
  }
  if (isAheadOf(saved, manifest)) throw new Error(`${name} is ahead of this state; nothing was saved`);
}

/** The manifest of the state on its branch; null when there is none. */
async function branchManifest({ remote, stateBranch: branch }: CiSettings): Promise<CheckpointManifest | null> {
  const folder = await mkdtemp(join(tmpdir(), "isotherm-state-"));
  try {
    const only = { first: manifestName, names: () => [] };
    return (await checkOutBranch(remote, { folder, branch, only })) ? await peekManifest(folder) : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
