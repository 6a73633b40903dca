import { Command, CommanderError, Option } from "commander";
import type { SavedStates } from "../deploy/checkpoint/writeCheckpoint.js";
import { modelNames, publishedModel, reportedLeads } from "../model/vocabulary.js";
import type { BacktestArguments } from "../pipeline/backtest/backtestCommand.js";
import type { PriorArguments } from "../pipeline/prior/priorCommand.js";
import type { VerifyArguments } from "../pipeline/verify/verifyCommand.js";
import { systemClock } from "../shared/clock.js";
import { isProgram, packageVersion } from "../shared/program.js";
import { terminalReport } from "../shared/progress.js";
import { type Shard, shardOf } from "../shared/shard.js";
import { textTable } from "../shared/textTable.js";
import { addCiCommands } from "./ciCommands.js";
import { addGuidanceCommands } from "./guidanceCommands.js";
import {
  asOfOption,
  type HistoryOptions,
  jsonOption,
  loadConfig,
  networkOption,
  parseLead,
  parsePath,
  parsePlace,
  parseTimeOption,
  print,
  shardOption,
  stationOption,
} from "./options.js";
import { addSiteCommands } from "./siteCommands.js";
import { addUpdateCommands } from "./updateCommands.js";

// Modules that load slowly are imported by the actions that use them, so that --help is quick.

const stationColumns = ["stationId", "icao", "name", "latitude", "longitude", "elevationM"] as const;
const report = terminalReport();

const program = new Command("isotherm")
  .description("Hourly temperature forecasts that learn from every observation, and show how right they have been.")
  .version(packageVersion(), "--version", "print the version")
  .option("--verbose", "print the stack of an error")
  .exitOverride()
  .showHelpAfterError("(use --help for a list of options)")
  .addHelpText(
    "after",
    `
Times are ISO 8601, in UTC unless they name a zone: 2020-12-31 or 2020-12-31T23:00Z.

Environment:
  ISOTHERM_HOME   folder of all data; default: .isotherm
  ISOTHERM_GHCNH, ISOTHERM_ISD, ISOTHERM_AWC, ISOTHERM_NWS, ISOTHERM_NBM
                  address of a source: a URL, or a folder with the same layout`,
  );

addUpdateCommands(program, report);

program
  .command("backtest")
  .description("replay the stored hours, forecast each as live, and score every model and baseline")
  .addOption(stationOption().makeOptionMandatory())
  .requiredOption("--from <time>", "first valid time to score", parseTimeOption)
  .requiredOption("--to <time>", "last valid time to score", parseTimeOption)
  .addOption(networkOption())
  .option(
    "--prior <file>",
    "start the regressions with what this file of other stations has learned; default: none",
    parsePath,
  )
  .option("--learn-from <time>", "start training here; earlier hours are only remembered", parseTimeOption)
  .option("--lead <hours...>", `leads in hours; default: ${reportedLeads.join(" ")}`, parseLead)
  .addOption(
    new Option("--model <name...>", `models to write to --out; default: ${publishedModel}`).choices(modelNames),
  )
  .option("--out <file>", "write the hourly forecasts to this Parquet file", parsePath)
  .addOption(jsonOption())
  .action(async (options: BacktestArguments & { json?: boolean }) => {
    const { backtestText, runBacktest } = await import("../pipeline/backtest/backtestCommand.js");
    const scores = await runBacktest(options, report);
    print(options.json ? scores : backtestText(scores));
  });

program
  .command("prior")
  .description("pool what stored stations have learned into a prior, from which other stations can start")
  .addOption(stationOption().makeOptionMandatory())
  .requiredOption("--from <time>", "first hour to learn", parseTimeOption)
  .requiredOption("--to <time>", "last hour to learn", parseTimeOption)
  .addOption(networkOption())
  .requiredOption("--out <file>", "file of the prior", parsePath)
  .action(async (options: PriorArguments) => {
    const { runPrior } = await import("../pipeline/prior/priorCommand.js");
    const { header } = await runPrior(options, report);
    print(`prior of ${header.stations.length} stations written to ${options.out}\n`);
  });

program
  .command("verify")
  .description("replay what was learned, and compare it with the stored snapshots, forecasts and ledger")
  .addOption(new Option("--station <id...>", "GHCNh ids or ICAO codes; default: every station that was learned"))
  .option("--since <time>", "only from the last state kept before this time; default: everything", parseTimeOption)
  .addOption(jsonOption())
  .action(async (options: VerifyArguments & { json?: boolean }) => {
    const { differenceText, runVerify, verifyText } = await import("../pipeline/verify/verifyCommand.js");
    const stations = await runVerify(options, report);
    print(options.json ? { stations } : verifyText(stations));
    const differences = differenceText(stations);
    if (differences) throw new Error(differences);
  });

program
  .command("check")
  .description(
    "check what is published; fails when it is damaged or nothing in it is fresh, warns of stations with problems",
  )
  .addOption(asOfOption())
  .action(async ({ asOf }: HistoryOptions) => {
    const { checkPublished } = await import("../pipeline/publish/checkPublished.js");
    const { addToSummary } = await import("../deploy/ci/workflowJob.js");
    const { problems, warnings } = await checkPublished(await loadConfig(), { now: systemClock(asOf).now() });
    for (const warning of warnings) report.warn(warning);
    addToSummary(warnings);
    if (problems.length > 0) throw new Error(`what is published must not be shown\n${problems.join("\n")}`);
    report.info(
      `what is published is fresh and complete${warnings.length > 0 ? ", except for the warnings above" : ""}`,
    );
  });

program
  .command("checkpoint <to>")
  .description("write all stored data to a folder, a .tar file or the URL of one (by PUT)")
  .addOption(
    new Option(
      "--states <which>",
      "model states: newest; daily, those at the end of a day, after which hours are learned again; or both",
    )
      .choices(["newest", "daily", "both"] satisfies SavedStates[])
      .default("newest"),
  )
  .action(async (place: string, { states }: { states: SavedStates }) => {
    const { saveCheckpoint } = await import("../deploy/checkpoint/saveCheckpoint.js");
    const { home, contact, stations } = await loadConfig();
    const saved = await saveCheckpoint({ home, place, states, stations, contact, report });
    const { groups, tables, snapshots, lastHour } = saved;
    const files = [...tables, ...snapshots];
    const megabytes = (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
    report.info(
      `checkpoint of ${groups.flat().length} stations, ${throughText(lastHour)}: ${files.length} files, ${megabytes} MB`,
    );
  });

program
  .command("restore <from...>")
  .description(
    "replace all stored data by a checkpoint: a folder, a .tar file or a URL; later ones take precedence over earlier ones",
  )
  .addOption(shardOption())
  .action(async (places: string[], { shard }: { shard?: Shard }) => {
    const { restoreCheckpoint } = await import("../deploy/checkpoint/restoreCheckpoint.js");
    const { home, contact, stations: configured } = await loadConfig();
    const ids = configured.map(({ id }) => ({ stationId: id }));
    const only = shard && new Set(shardOf(ids, shard).map(({ stationId }) => stationId));
    const { stations, lastHour } = await restoreCheckpoint(places, { home, contact, stations: only });
    report.info(`restored ${stations.length} stations, ${throughText(lastHour)}`);
  });

program
  .command("status")
  .description(
    "show each station's newest data and gaps, the requests to each source, the files it lacks, the latest runs and the ledger's digest",
  )
  .addOption(jsonOption())
  .action(async ({ json }: { json?: boolean }) => {
    const [{ readStatuses }, { statusText }] = await Promise.all([import("./status.js"), import("./statusText.js")]);
    const status = await readStatuses();
    print(json ? status : statusText(status));
  });

const stations = program.command("stations").description("find stations in NOAA's list, and list those of the network");

stations
  .command("search <text...>")
  .description("find stations whose id, code or name contains every word")
  .addOption(jsonOption())
  .action(async (words: string[], { json }: { json?: boolean }) => {
    const { searchStations } = await import("../data/stations/noaaStations.js");
    const found = await searchStations(await loadConfig(), words.join(" "), report);
    if (found.length === 0) throw new Error(`no station matches ${JSON.stringify(words.join(" "))}`);
    print(json ? { stations: found } : textTable(found, stationColumns));
  });

stations
  .command("near <lat,lon>")
  .description("list the ten stations nearest to a place, in degrees north and east")
  .allowUnknownOption() // a negative latitude looks like an option
  .addOption(jsonOption())
  .action(async (place: string, { json }: { json?: boolean }) => {
    const [latitude, longitude] = parsePlace(place);
    const { stationsNear } = await import("../data/stations/noaaStations.js");
    const found = await stationsNear(await loadConfig(), latitude, longitude, { report });
    const rounded = found.map((station) => ({ ...station, distanceKm: Math.round(station.distanceKm * 10) / 10 }));
    print(json ? { stations: rounded } : textTable(rounded, [...stationColumns, "distanceKm"]));
  });

stations
  .command("network")
  .description("list the stations that only lend their observations to the configured ones")
  .addOption(jsonOption())
  .action(async ({ json }: { json?: boolean }) => {
    const { networkStationsText, readNetworkStations } = await import("./networkStatus.js");
    const found = await readNetworkStations();
    print(json ? { stations: found } : networkStationsText(found));
  });

addGuidanceCommands(program, report);
addSiteCommands(program, report);
addCiCommands(program, report);

if (isProgram(import.meta.url)) await runCli(process.argv.slice(2));

/** Runs one command; sets `process.exitCode` when it fails. */
export async function runCli(args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    report.close();
    if (error instanceof CommanderError) {
      // Commander has already printed the error or the help.
      process.exitCode = error.exitCode;
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    const stack = program.opts().verbose && error instanceof Error ? `\n${error.stack}` : "";
    process.stderr.write(`error: ${message}${stack}\n`);
    process.exitCode = 1;
  } finally {
    report.close();
  }
}

function throughText(lastHour: number | null): string {
  return lastHour === null ? "nothing learned" : `learned through ${new Date(lastHour).toISOString()}`;
}
