import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../shared/clock.js";
import type { Report } from "../../shared/progress.js";
import { parseShard, type Shard, shardOf } from "../../shared/shard.js";
import { type JobResult, jobResults } from "./jobResult.js";

// What the workflows call, by way of the scripts of package.json. What is set by the environment: ciSettings.ts.

/** Adds the commands of a run that nobody watches: `isotherm ci …`. */
export function addCiCommands(program: Command, report: Report): void {
  const ci = program.command("ci").description("what the hourly workflow does; its settings come from the environment");

  ci.command("due")
    .description("whether the hour's work remains to be done, and where the site is; sets the outputs `due` and `site`")
    .addOption(asOfOption())
    .action(async ({ asOf }: { asOf?: string }) => {
      const [{ isDue, setOutput }, { findSite }] = await Promise.all([import("./isDue.js"), import("./ciSettings.js")]);
      const { settings, config } = await surroundings();
      const due = await isDue(settings, config, { now: systemClock(asOf).now() });
      setOutput("due", String(due));
      // A site that GitHub does not tell of can be built all the same, with links that show no picture.
      setOutput("site", (await findSite(settings).catch(() => null))?.url ?? "");
      report.info(due ? "the hour's work is due" : "the hour's work is done");
    });

  ci.command("restore")
    .description("restore the state from its branch, else from the published site")
    .addOption(coldStartOption())
    .addOption(shardOption())
    .option("--parts <folder>", "with the checkpoints in it, of parts of the stations that have gone on since")
    .action(async ({ coldStart, shard, parts }: { coldStart: boolean; shard?: Shard; parts?: string }) => {
      const { restoreState } = await import("./restoreState.js");
      const { settings, config } = await surroundings(coldStart);
      const stations = shard && new Set(shardOf(stationsOf(config), shard).map(({ stationId }) => stationId));
      const places = parts === undefined ? [] : partsIn(parts);
      await restoreState(settings, { home: config.home, stations, parts: places, report });
    });

  ci.command("save")
    .description("write a checkpoint, and push it to the branch of the state")
    .action(async () => {
      const { saveState } = await import("./saveState.js");
      const { settings, config } = await surroundings();
      await saveState(settings, config, report);
    });

  ci.command("publish")
    .description("push the site with a copy of the state, and wait until it is served")
    .addOption(coldStartOption())
    .option("--site <folder>", "where the site is", "dist")
    .option("--wait <seconds>", "how long to wait after each of two pushes", parseSeconds, 300)
    .option("--every <seconds>", "how often to look", parseSeconds, 10)
    .action(async (options: { coldStart: boolean; site: string; wait: number; every: number }) => {
      const { publishSite } = await import("./publishSite.js");
      const { coldStart, site: folder, wait, every } = options;
      const { settings, config } = await surroundings(coldStart);
      const times = { waitMs: wait * 1000, everyMs: every * 1000 };
      await publishSite(settings, { home: config.home, folder, report, ...times });
    });

  ci.command("report")
    .description("tell how the run ended: by an issue and the webhook; keep the schedule switched on")
    .requiredOption("--results <results>", "of all jobs, as GitHub names them, with commas between", parseResults)
    .action(async ({ results }: { results: JobResult[] }) => {
      const { reportOutcome } = await import("./reportOutcome.js");
      await reportOutcome((await surroundings()).settings, results, report);
    });
}

/** Imported here, because --help is to be quick. */
async function surroundings(coldStart = false) {
  const [{ ciSettings }, { loadConfig }] = await Promise.all([
    import("./ciSettings.js"),
    import("../../pipeline/loadConfig.js"),
  ]);
  const settings = ciSettings();
  return { settings: { ...settings, coldStart: coldStart || settings.coldStart }, config: await loadConfig() };
}

function coldStartOption(): Option {
  return new Option("--cold-start", "begin with nothing where there is no state").default(false);
}

export function shardOption(): Option {
  return new Option("--shard <i/n>", "only the i-th of n parts of the stations").argParser((text) => {
    try {
      return parseShard(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  });
}

function asOfOption(): Option {
  return new Option("--as-of <time>", "behave as if it were this time");
}

function parseResults(text: string): JobResult[] {
  return text.split(",").map((result) => {
    const known = jobResults.find((name) => name === result.trim());
    if (!known) throw new InvalidArgumentError(`expected some of ${jobResults.join(", ")}`);
    return known;
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError("expected seconds");
  return seconds;
}

function stationsOf({ stations }: { stations: readonly { id: string }[] }): { stationId: string }[] {
  return stations.map(({ id }) => ({ stationId: id }));
}

function partsIn(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`no folder ${folder} with checkpoints`);
  const parts = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".tar"))
    .sort()
    .map((name) => join(folder, name));
  if (parts.length === 0) throw new Error(`no checkpoint in ${folder}`);
  return parts;
}
