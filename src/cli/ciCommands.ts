import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { setOutput } from "../deploy/ci/workflowJob.js";
import { systemClock } from "../shared/clock.js";
import type { Report } from "../shared/progress.js";
import { asOfOption, loadConfig } from "./options.js";

/** Adds the commands that the hourly workflow runs, `isotherm ci …`. Their settings: `deploy/ci/ciSettings.ts`. */
export function addCiCommands(program: Command, report: Report): void {
  const ci = program.command("ci").description("commands of the hourly workflow; settings come from the environment");

  ci.command("due")
    .description("check whether this hour still needs a run; sets the outputs `due`, `site` and `observed`")
    .addOption(asOfOption())
    .action(async ({ asOf }: { asOf?: string }) => {
      const { checkDue } = await import("../deploy/ci/isDue.js");
      const { settings, config } = await loadSettings();
      const { due, site, status } = await checkDue(settings, config, { now: systemClock(asOf).now() });
      setOutput("due", String(due));
      // Without an address the site is still built; only its link previews have no picture.
      setOutput("site", site?.url ?? "");
      setOutput("observed", isoTime(status?.dataThrough));
      report.info(due ? "a run is due" : "this hour is already published");
    });

  ci.command("restore")
    .description("restore the state from its branch, or else from the copy on the published site")
    .addOption(coldStartOption())
    .option("--parts <folder>", "folder with newer checkpoints: of all that was fetched, then of the shards")
    .action(async ({ coldStart, parts }: { coldStart: boolean; parts?: string }) => {
      const { restoreState } = await import("../deploy/ci/state.js");
      const { settings, config } = await loadSettings(coldStart);
      const places = parts === undefined ? [] : partsIn(parts);
      await restoreState(settings, { home: config.home, parts: places, report });
    });

  ci.command("save")
    .description("write a checkpoint and push it to the state branch")
    .action(async () => {
      const { saveState } = await import("../deploy/ci/state.js");
      const { settings, config } = await loadSettings();
      await saveState(settings, config, report);
    });

  ci.command("publish")
    .description("push the site with a copy of the state and wait until it is served; sets the output `observed`")
    .addOption(coldStartOption())
    .option("--site <folder>", "folder of the site", "dist")
    .option("--wait <seconds>", "how long to wait after each of two pushes", parseSeconds, 300)
    .option("--every <seconds>", "how often to check", parseSeconds, 10)
    .action(async (options: { coldStart: boolean; site: string; wait: number; every: number }) => {
      const { publishSite } = await import("../deploy/ci/publishSite.js");
      const { coldStart, site: folder, wait, every } = options;
      const { settings, config } = await loadSettings(coldStart);
      const times = { waitMs: wait * 1000, everyMs: every * 1000 };
      const { dataThrough } = await publishSite(settings, { home: config.home, folder, report, ...times });
      setOutput("observed", isoTime(dataThrough));
    });
}

function isoTime(time: number | null | undefined): string {
  return time == null ? "" : new Date(time).toISOString();
}

async function loadSettings(coldStart = false) {
  const { ciSettings } = await import("../deploy/ci/ciSettings.js");
  const settings = ciSettings();
  return { settings: { ...settings, coldStart: coldStart || settings.coldStart }, config: await loadConfig() };
}

function coldStartOption(): Option {
  return new Option("--cold-start", "start without a state when none is found").default(false);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError("expected seconds");
  return seconds;
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
