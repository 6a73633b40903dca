import type { Command } from "commander";
import type { Run } from "../pipeline/run.js";
import type { Problem } from "../pipeline/update.js";
import type { Report } from "../shared/progress.js";
import {
  asOfOption,
  type HistoryOptions,
  networkOption,
  parseTimeOption,
  shardOption,
  stationOption,
} from "./options.js";

/** Adds the commands that change the store: `update`, `relearn`, `fetch`, `train` and `publish`. */
export function addUpdateCommands(program: Command, report: Report): void {
  const failWithoutNewData = true;

  historyCommand(program, "update", "fetch new observations, learn from them and publish forecasts").action(
    async (options: HistoryOptions) => {
      await updateStore("update", options, { report, failWithoutNewData });
    },
  );

  historyCommand(
    program,
    "relearn",
    "update; stations with corrected or late values learn their history again, with these values",
  ).action(async (options: HistoryOptions) => {
    await updateStore("relearn", { ...options, relearn: true }, { report, failWithoutNewData });
  });

  historyCommand(program, "rebuild", "deprecated: use relearn", { hidden: true }).action(
    async (options: HistoryOptions) => {
      report.warn("rebuild is deprecated: use relearn");
      await updateStore("relearn", { ...options, relearn: true }, { report, failWithoutNewData });
    },
  );

  historyCommand(program, "fetch", "fetch, validate and store observations").action(async (options: HistoryOptions) => {
    const { fetchObservations, warnOfNotShown } = await import("../pipeline/update.js");
    await recorded("fetch", options, report, async (run) => {
      const problem = await fetchObservations(run, options);
      await warnOfNotShown(run);
      throwIfNothingNew(problem);
    });
  });

  historyCommand(program, "prepare", "fetch for all stations what their shards then learn with `train --shard`", {
    isWhole: true,
  }).action(async (options: HistoryOptions) => {
    const { prepareShards } = await import("../pipeline/update.js");
    await recorded("prepare", options, report, async (run) => throwIfNothingNew(await prepareShards(run, options)));
  });

  historyCommand(program, "train", "learn the stored hours that were not learned yet").action(
    async (options: HistoryOptions) => {
      const { train } = await import("../pipeline/update.js");
      await recorded("train", options, report, (run) => train(run, options));
    },
  );

  program
    .command("publish")
    .description("write the tables that pages read")
    .addOption(asOfOption())
    .action(async (options: HistoryOptions) => {
      const { publishForecasts } = await import("../pipeline/update.js");
      await recorded("publish", options, report, publishForecasts);
    });
}

/** Adds a command that works on the history of stations; unless it is for whole sets of stations, also of a shard. */
export function historyCommand(
  program: Command,
  name: string,
  description: string,
  { isWhole = false, ...settings }: { hidden?: boolean; isWhole?: boolean } = {},
): Command {
  const command = program.command(name, settings).description(description).addOption(stationOption());
  if (!isWhole) command.addOption(shardOption());
  return command
    .option(
      "--from <time>",
      "training start, the first hour to learn from; later runs remember it unless the configuration sets one",
      parseTimeOption,
    )
    .addOption(
      networkOption(
        "network of this run: ids, all (stations in the source's folder) or none; default: the configured one",
      ),
    )
    .addOption(asOfOption());
}

/** Without new data, publishes what is stored, and fails afterwards if `failWithoutNewData`. */
export async function updateStore(
  command: string,
  options: HistoryOptions & { relearn?: boolean; networkLater?: boolean },
  {
    report,
    simulate = false,
    failWithoutNewData = false,
  }: { report: Report; simulate?: boolean; failWithoutNewData?: boolean },
): Promise<void> {
  const { update } = await import("../pipeline/update.js");
  await recorded(command, options, report, async (run) => {
    const problem = await update(run, { ...options, simulate });
    if (failWithoutNewData) throwIfNothingNew(problem);
  });
}

/** Does `work` on the store and records the run there. */
async function recorded<T>(
  command: string,
  { asOf }: HistoryOptions,
  report: Report,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const { withRun } = await import("../pipeline/run.js");
  return withRun({ command, asOf, report }, work);
}

function throwIfNothingNew(problem: Problem | null): void {
  if (problem) throw new Error(`${problem}: there are no new observations`);
}
