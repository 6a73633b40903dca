import { join } from "node:path";
import { saveCheckpoint } from "../checkpoint/saveCheckpoint.js";
import type { Config } from "../config.js";
import type { Report } from "../progress.js";
import type { CiSettings } from "./ciSettings.js";
import { pushOrphan } from "./orphanBranch.js";
import { rememberedTip, rememberTip } from "./stateTip.js";

/** The newest checkpoint of a home, to be copied into the site. */
export function checkpointFolder(home: string): string {
  return join(home, "checkpoint");
}

/**
 * Writes a checkpoint and keeps it where the next run finds it. Throws when another run has changed the state's branch
 * since this one restored from it: what that one learned is not to be lost.
 */
export async function saveState(settings: CiSettings, { home, contact }: Config, report: Report): Promise<void> {
  const folder = checkpointFolder(home);
  const { lastHour } = await saveCheckpoint({ home, place: folder, states: "daily", contact });
  if (settings.state) {
    await saveCheckpoint({ home, place: settings.state, states: "daily", contact });
    report.info(`state kept at ${settings.state}`);
    return;
  }
  const through = lastHour === null ? "nothing learned" : `through ${new Date(lastHour).toISOString()}`;
  const pushed = { folder, branch: settings.stateBranch, message: `State, ${through}`, expected: rememberedTip(home) };
  rememberTip(home, await pushOrphan(settings.remote, pushed));
  report.info(`state pushed to branch ${settings.stateBranch}, ${through}`);
}
