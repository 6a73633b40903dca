import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Report } from "../../shared/progress.js";
import { minuteMs } from "../../shared/time.js";
import { pushOrphan } from "./branch.js";
import type { CiSettings } from "./ciSettings.js";
import { findSite, ServedStatus, servedStatus } from "./servedSite.js";
import { checkpointFolder, stateCopy } from "./state.js";

const siteBranch = "gh-pages";

/** GitHub Pages accepts sites up to 1 GB. */
const largestSiteBytes = 950e6;

export interface PublishSiteOptions {
  home: string;
  /** The built site. */
  folder: string;
  report: Report;
  /** How long to wait after each of the two pushes until the site is served, and how often to check. */
  waitMs?: number;
  everyMs?: number;
  largestBytes?: number;
}

/**
 * Publishes a site with a copy of the state and waits until it is served; pushes it a second time when it is not.
 * Throws when it still is not served, or Pages is not enabled.
 * @returns the status of the site
 */
export async function publishSite(settings: CiSettings, options: PublishSiteOptions): Promise<ServedStatus> {
  const { folder, report, waitMs = 5 * minuteMs, everyMs = 10_000 } = options;
  const status = readStatus(join(folder, "status.json"));
  const { buildId } = status;
  const site = await findSite(settings);
  // Without this file GitHub omits folders whose names begin with an underscore.
  writeFileSync(join(folder, ".nojekyll"), "");
  rmSync(join(folder, "CNAME"), { force: true });
  if (site?.domain) writeFileSync(join(folder, "CNAME"), `${site.domain}\n`);
  copyState(options);
  for (const attempt of ["first", "second"]) {
    const message = `Site, build ${buildId}${attempt === "second" ? ", again" : ""}`;
    await pushOrphan(settings.remote, { folder, branch: siteBranch, message });
    report.info(`site pushed to branch ${siteBranch}, build ${buildId}`);
    if (!site) {
      warnThatPagesIsOff(settings, report);
      return status;
    }
    if (await isServed(site.url, { buildId, waitMs, everyMs })) {
      report.info(`build ${buildId} is served at ${site.url}`);
      return status;
    }
    report.warn(`${site.url} does not serve build ${buildId} after ${Math.round(waitMs / 1000)} s`);
  }
  throw new Error(`${site!.url} does not serve build ${buildId}, although it was pushed twice`);
}

function readStatus(file: string): ServedStatus & { buildId: string } {
  try {
    return ServedStatus.extend({ buildId: z.string() }).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new Error(`${file} does not belong to a site; build it again: npm run isotherm -- build`, { cause: error });
  }
}

function copyState({ home, folder, report, largestBytes = largestSiteBytes }: PublishSiteOptions): void {
  const copy = join(folder, stateCopy);
  rmSync(copy, { recursive: true, force: true });
  const state = checkpointFolder(home);
  if (!existsSync(state))
    throw new Error(`there is no checkpoint in ${home} to publish with the site: save the state first`);
  const bytes = bytesIn(folder) + bytesIn(state);
  if (bytes > largestBytes) {
    report.warn(`with a copy of the state the site would have ${Math.round(bytes / 1e6)} MB: the copy is left out`);
    return;
  }
  cpSync(state, copy, { recursive: true });
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Only the first run may end without confirming that its site is served. */
function warnThatPagesIsOff({ coldStart }: CiSettings, report: Report): void {
  const message = `Pages is not enabled: in the repository's settings, under Pages, deploy from branch ${siteBranch}`;
  if (!coldStart) throw new Error(message);
  report.warn(message);
}

async function isServed(
  url: string,
  { buildId, waitMs, everyMs }: { buildId: string; waitMs: number; everyMs: number },
) {
  const deadline = performance.now() + waitMs;
  for (;;) {
    // A unique query bypasses caches.
    const status = await servedStatus(url, `?build=${buildId}&at=${Math.round(performance.now())}`);
    if (status?.buildId === buildId) return true;
    if (performance.now() + everyMs > deadline) return false;
    await delay(everyMs);
  }
}
