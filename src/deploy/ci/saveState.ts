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

/** The newest checkpoint of a home, to be copied into the site. */
export function checkpointFolder(home: string): string {
  return join(home, "checkpoint");
}

/**
 * Writes a checkpoint and keeps it where the next run finds it. Throws when another run has changed the kept state since
 * this one restored it, or a home that was not restored is behind it: what was learned there is not to be lost.
 */
export async function saveState(
  settings: CiSettings,
  { home, contact, stations }: Config,
  report: Report,
): Promise<void> {
  const folder = checkpointFolder(home);
  const manifest = await saveCheckpoint({ home, place: folder, states: "daily", stations, contact, report });
  const { lastHour } = manifest;
  const remembered = rememberedVersion(home);
  if (settings.state !== null) {
    const place = shownPlace(settings.state);
    throwUnlessReplaceable(place, await peekManifest(settings.state, { contact }), { manifest, remembered });
    await saveCheckpoint({ home, place: settings.state, states: "daily", stations, contact });
    rememberVersion(home, versionOf(manifest));
    report.info(`state kept at ${place}`);
    return;
  }
  const name = `branch ${settings.stateBranch}`;
  // One that was restored is told from others by its commit, as it is pushed.
  if (remembered === undefined) {
    throwUnlessReplaceable(name, await branchManifest(settings), { manifest, remembered });
  }
  const through = lastHour === null ? "nothing learned" : `through ${new Date(lastHour).toISOString()}`;
  const pushed = { folder, branch: settings.stateBranch, message: `State, ${through}`, expected: remembered };
  rememberVersion(home, await pushOrphan(settings.remote, pushed));
  report.info(`state pushed to branch ${settings.stateBranch}, ${through}`);
}

/** @param kept the manifest of what is kept there now; null for none, which may be replaced */
function throwUnlessReplaceable(
  name: string,
  kept: CheckpointManifest | null,
  { manifest, remembered }: { manifest: CheckpointManifest; remembered: string | null | undefined },
): void {
  if (kept === null || versionOf(kept) === remembered) return;
  if (remembered !== undefined) {
    throw new Error(`${name} was changed meanwhile, by another run: it is left as it is`);
  }
  if (isAheadOf(kept, manifest)) throw new Error(`${name} is ahead of what is to be saved: it is left as it is`);
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
