import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withPublished } from "../../src/data/published.js";
import { status } from "../../src/data/status.js";
import { checkPublished } from "../../src/pipeline/checkPublished.js";
import type { CiSettings } from "../../src/pipeline/ci/ciSettings.js";
import { isDue } from "../../src/pipeline/ci/isDue.js";
import { publishSite } from "../../src/pipeline/ci/publishSite.js";
import { restoreState } from "../../src/pipeline/ci/restoreState.js";
import { saveState } from "../../src/pipeline/ci/saveState.js";
import { loadConfig } from "../../src/pipeline/config.js";
import type { Report } from "../../src/pipeline/progress.js";
import { withRun } from "../../src/pipeline/run.js";
import { update } from "../../src/pipeline/update.js";
import { temporaryFolder } from "./temporaryFolder.js";

export interface HourlyRun {
  /** What the run left on its machine. */
  home: string;
  /** What it said. */
  lines: string[];
  due: boolean;
}

export interface HourlyOptions {
  settings: CiSettings;
  /** The run's clock, epoch milliseconds. */
  now: number;
  stations: readonly string[];
  /** First hour of history, for a first run. */
  from?: number;
  buildId: string;
}

/**
 * The steps of the hourly workflow in their order, on a machine that has nothing yet and whose clock shows `now`; the
 * pages themselves, which depend on nothing here, are left out of the site.
 */
export async function hourlyRun({ settings, now, stations, from, buildId }: HourlyOptions): Promise<HourlyRun> {
  const home = await temporaryFolder();
  const lines: string[] = [];
  const line = (message: string) => void lines.push(message);
  const report: Report = { info: line, warn: line, task: () => ({ advance() {}, end() {} }) };
  const before = process.env.ISOTHERM_HOME;
  process.env.ISOTHERM_HOME = home;
  try {
    const config = { ...(await loadConfig()), stations: stations.map((id) => ({ id })) };
    if (!(await isDue(settings, config, { now }))) return { home, lines, due: false };
    await restoreState(settings, { home, report });
    const asOf = new Date(now).toISOString();
    const problem = await withRun({ command: "update", asOf, report }, (run) =>
      update(run, { station: stations, from, simulate: false }),
    );
    if (problem) throw new Error(problem);
    await saveState(settings, config, report);
    const problems = await checkPublished(config, { now });
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const folder = join(home, "dist");
    mkdirSync(folder);
    writeFileSync(join(folder, "index.html"), `<title>${buildId}</title>`);
    const told = await withPublished((published) => status(published, buildId), home);
    writeFileSync(join(folder, "status.json"), JSON.stringify(told));
    await publishSite(settings, { home, folder, report, waitMs: 300, everyMs: 50 });
    return { home, lines, due: true };
  } finally {
    process.env.ISOTHERM_HOME = before;
  }
}
