import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveCheckpoint } from "../../src/deploy/checkpoint/saveCheckpoint.js";
import type { CiSettings } from "../../src/deploy/ci/ciSettings.js";
import { isDue } from "../../src/deploy/ci/isDue.js";
import { publishSite } from "../../src/deploy/ci/publishSite.js";
import { restoreState } from "../../src/deploy/ci/restoreState.js";
import { saveState } from "../../src/deploy/ci/saveState.js";
import { loadConfig } from "../../src/pipeline/loadConfig.js";
import { checkPublished } from "../../src/pipeline/publish/checkPublished.js";
import { withRun } from "../../src/pipeline/run.js";
import { publishForecasts, update } from "../../src/pipeline/update.js";
import type { Report } from "../../src/shared/progress.js";
import { type Shard, shardOf } from "../../src/shared/shard.js";
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
  stations: readonly { id: string; icao: string }[];
  /** Over how many machines the stations are split, whose parts one merges; one for all if absent. */
  shards?: number;
  /** First hour of history, for a first run. */
  from?: number;
  buildId: string;
  /** Takes what the run says, which is of use when it fails. */
  lines?: string[];
}

/**
 * The steps of the hourly workflow in their order, on a machine that has nothing yet and whose clock shows `now`; the
 * pages themselves, which depend on nothing here, are left out of the site.
 */
export async function hourlyRun(options: HourlyOptions): Promise<HourlyRun> {
  const { settings, now, stations, buildId } = options;
  const home = await temporaryFolder();
  const { lines = [] } = options;
  const line = (message: string) => void lines.push(message);
  const report: Report = { info: line, warn: line, task: () => ({ advance() {}, end() {} }) };
  const before = process.env.ISOTHERM_HOME;
  process.env.ISOTHERM_HOME = home;
  try {
    const config = { ...(await loadConfig()), home, stations: [...stations] };
    if (!(await isDue(settings, config, { now }))) return { home, lines, due: false };
    if (options.shards === undefined) {
      await restoreState(settings, { home, report });
      await updateAt(options, report);
    } else {
      const parts = await updateParts(options, options.shards, report);
      process.env.ISOTHERM_HOME = home;
      await restoreState(settings, { home, parts, report });
      await withRun({ command: "publish", asOf: new Date(now).toISOString(), report }, publishForecasts);
    }
    await saveState(settings, config, report);
    const { problems } = await checkPublished(config, { now });
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const folder = join(home, "dist");
    mkdirSync(folder);
    writeFileSync(join(folder, "index.html"), `<title>${buildId}</title>`);
    const published = JSON.parse(readFileSync(join(home, "published", "status.json"), "utf8"));
    writeFileSync(join(folder, "status.json"), JSON.stringify({ ...published, buildId }));
    await publishSite(settings, { home, folder, report, waitMs: 300, everyMs: 50 });
    return { home, lines, due: true };
  } finally {
    process.env.ISOTHERM_HOME = before;
  }
}

async function updateAt({ now, stations, from }: HourlyOptions, report: Report, shard?: Shard): Promise<void> {
  const asOf = new Date(now).toISOString();
  const station = stations.map(({ icao }) => icao);
  await withRun({ command: "update", asOf, report }, async (run) => {
    const problem = await update(run, { station, shard, from, simulate: false });
    if (problem) throw new Error(problem);
  });
}

/** Updates each part of the stations on a machine of its own; their checkpoints. */
async function updateParts(options: HourlyOptions, of: number, report: Report): Promise<string[]> {
  const parts: string[] = [];
  for (let place = 1; place <= of; place++) {
    const home = await temporaryFolder();
    process.env.ISOTHERM_HOME = home;
    const own = shardOf(
      options.stations.map(({ id }) => ({ stationId: id })),
      { place, of },
    );
    await restoreState(options.settings, { home, stations: new Set(own.map(({ stationId }) => stationId)), report });
    await updateAt(options, report, { place, of });
    parts.push(join(home, "part.tar"));
    await saveCheckpoint({ home, place: parts.at(-1)!, states: "newest", contact: null });
  }
  return parts;
}
