import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type CarriedStates, carriedStates } from "../deploy/checkpoint/carriedStates.js";
import { addCiCommands, shardOption } from "../deploy/ci/ciCommands.js";
import { maxLeadHours, modelNames, publishedModel, reportedLeads } from "../model/vocabulary.js";
import type { BacktestArguments } from "../pipeline/backtest/backtestCommand.js";
import type { Run } from "../pipeline/run.js";
import type { Problem } from "../pipeline/update.js";
import type { VerifyArguments } from "../pipeline/verify/verifyCommand.js";
import { parseTime, systemClock } from "../shared/clock.js";
import { hasScheme } from "../shared/identifiers.js";
import { isProgram } from "../shared/program.js";
import { terminalReport } from "../shared/progress.js";
import type { Shard } from "../shared/shard.js";
import { textTable } from "../shared/textTable.js";

// What takes time to load is imported where it is used: --help and an update with nothing to do are to be quick.

interface HistoryOptions {
  station?: string[];
  shard?: Shard;
  from?: number;
  asOf?: string;
}

interface SiteOptions extends HistoryOptions {
  update: boolean;
  site: string;
}

interface ServeOptions {
  site: string;
  port: number;
}

const stationColumns = ["stationId", "icao", "name", "latitude", "longitude", "elevationM"] as const;
const report = terminalReport();

const program = new Command("isotherm")
  .description("Hourly forecasts for weather stations, learned online from NOAA's observations.")
  .option("--verbose", "show where an error came from")
  .exitOverride()
  .showHelpAfterError("(--help tells what is possible)")
  .addHelpText(
    "after",
    `
Times are ISO 8601, UTC unless they name a zone: 2020-12-31 or 2020-12-31T23:00Z.

Environment:
  ISOTHERM_HOME   folder of all state, in place of .isotherm
  ISOTHERM_GHCNH, ISOTHERM_ISD, ISOTHERM_AWC, ISOTHERM_NWS
                  where to read a source: a URL, or a folder laid out like its tree`,
  );

const stationOption = () =>
  new Option("--station <id...>", "GHCNh ids or ICAO codes; the configured stations if absent");
const asOfOption = () => new Option("--as-of <time>", "behave as if it were this time: nothing observed later exists");
const portOption = () =>
  new Option("--port <number>", "where to serve on 127.0.0.1").argParser(parsePort).default(3000);
const folderOption = () => new Option("--site <folder>", "where the site is").argParser(parsePath).default("dist");
const jsonOption = () => new Option("--json", "print JSON, and nothing else, on stdout");

historyCommand("update", "fetch what is missing, learn from it and publish the forecasts").action(
  async (options: HistoryOptions) => {
    await updateStore("update", options, { isFreshNeeded: true });
  },
);

historyCommand(
  "relearn",
  "update; stations with corrected or late values learn their history again, with these values",
).action(async (options: HistoryOptions) => {
  await updateStore("relearn", { ...options, relearn: true }, { isFreshNeeded: true });
});

historyCommand("rebuild", "deprecated: use relearn", { hidden: true }).action(async (options: HistoryOptions) => {
  report.warn("rebuild is deprecated: use relearn");
  await updateStore("relearn", { ...options, relearn: true }, { isFreshNeeded: true });
});

historyCommand("fetch", "fetch, validate and store observations").action(async (options: HistoryOptions) => {
  const { fetchObservations, warnOfNotShown } = await import("../pipeline/update.js");
  await recorded("fetch", options, async (run) => {
    const problem = await fetchObservations(run, options);
    await warnOfNotShown(run);
    throwIfStale(problem);
  });
});

historyCommand("train", "learn from the stored hours that were not learned yet").action(
  async (options: HistoryOptions) => {
    const { train } = await import("../pipeline/update.js");
    await recorded("train", options, (run) => train(run, options));
  },
);

program
  .command("publish")
  .description("write the tables that pages read")
  .addOption(asOfOption())
  .action(async (options: HistoryOptions) => {
    const { publishForecasts } = await import("../pipeline/update.js");
    await recorded("publish", options, publishForecasts);
  });

program
  .command("backtest")
  .description("replay the stored hours through the online loop and score every model and baseline")
  .addOption(stationOption().makeOptionMandatory())
  .requiredOption("--from <time>", "first valid time that is scored", parseTimeOption)
  .requiredOption("--to <time>", "last valid time that is scored", parseTimeOption)
  .option("--lead <hours...>", `leads, in hours; ${reportedLeads.join(" ")} if absent`, parseLead)
  .addOption(
    new Option("--model <name...>", `models written to --out; ${publishedModel} if absent`).choices(modelNames),
  )
  .option("--out <file>", "write the forecasts issued each hour to this Parquet file", parsePath)
  .addOption(jsonOption())
  .action(async (options: BacktestArguments & { json?: boolean }) => {
    const { backtestText, runBacktest } = await import("../pipeline/backtest/backtestCommand.js");
    const scores = await runBacktest(options, report);
    print(options.json ? scores : backtestText(scores));
  });

program
  .command("verify")
  .description(
    "replay what was learned and compare it with every snapshot and forecast recorded, and all with the ledger",
  )
  .addOption(new Option("--station <id...>", "GHCNh ids or ICAO codes; every station learned of if absent"))
  .option("--since <time>", "only what came after the last state kept by then; everything if absent", parseTimeOption)
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
    "test what is published; exit 1 where it is damaged or nothing in it is fresh, with a warning for each station that something is wrong with",
  )
  .addOption(asOfOption())
  .action(async ({ asOf }: HistoryOptions) => {
    const [{ loadConfig }, { checkPublished }, { addToSummary }] = await Promise.all([
      import("../pipeline/loadConfig.js"),
      import("../pipeline/publish/checkPublished.js"),
      import("../deploy/ci/addToSummary.js"),
    ]);
    const { problems, warnings } = await checkPublished(await loadConfig(), { now: systemClock(asOf).now() });
    for (const warning of warnings) report.warn(warning);
    addToSummary(warnings);
    if (problems.length > 0) throw new Error(`what is published is not to be shown\n${problems.join("\n")}`);
    report.info(`what is published is fresh and whole${warnings.length > 0 ? ", but for the warnings above" : ""}`);
  });

program
  .command("checkpoint <to>")
  .description("write all that is stored to a folder, a .tar file, or by PUT to the URL of one")
  .addOption(
    new Option("--states <which>", "the newest, or those that ended a day, after which hours are learned anew")
      .choices(carriedStates)
      .default("newest"),
  )
  .action(async (place: string, { states }: { states: CarriedStates }) => {
    const { runCheckpoint } = await import("../deploy/checkpoint/checkpointCommand.js");
    await runCheckpoint({ place, states }, report);
  });

program
  .command("restore <from...>")
  .description(
    "replace all that is stored by a checkpoint: a folder, a .tar file or a URL; by several, later ones first",
  )
  .action(async (places: string[]) => {
    const { runRestore } = await import("../deploy/checkpoint/checkpointCommand.js");
    await runRestore({ places }, report);
  });

program
  .command("status")
  .description(
    "tell how each station stands: newest data, what is missing; what was asked of each source, and what it does not have; how the newest runs ended; and the head of the ledger",
  )
  .addOption(jsonOption())
  .action(async ({ json }: { json?: boolean }) => {
    const { readStatuses, statusText } = await import("./status.js");
    const status = await readStatuses();
    print(json ? status : statusText(status));
  });

const stations = program.command("stations").description("find stations in NOAA's list");

stations
  .command("search <text...>")
  .description("those whose id, code or name contains every word")
  .addOption(jsonOption())
  .action(async (words: string[], { json }: { json?: boolean }) => {
    const [{ loadConfig }, { searchStations }] = await Promise.all([
      import("../pipeline/loadConfig.js"),
      import("../data/stations/stations.js"),
    ]);
    const found = await searchStations(await loadConfig(), words.join(" "), report);
    if (found.length === 0) throw new Error(`no station matches ${JSON.stringify(words.join(" "))}`);
    print(json ? { stations: found } : textTable(found, stationColumns));
  });

stations
  .command("near <lat,lon>")
  .description("the ten nearest to a place, in degrees north and east")
  .allowUnknownOption() // such as the latitude -33.9
  .addOption(jsonOption())
  .action(async (place: string, { json }: { json?: boolean }) => {
    const [latitude, longitude] = parsePlace(place);
    const [{ loadConfig }, { stationsNear }] = await Promise.all([
      import("../pipeline/loadConfig.js"),
      import("../data/stations/stations.js"),
    ]);
    const found = await stationsNear(await loadConfig(), latitude, longitude, { report });
    const rounded = found.map((station) => ({ ...station, distanceKm: Math.round(station.distanceKm * 10) / 10 }));
    print(json ? { stations: rounded } : textTable(rounded, [...stationColumns, "distanceKm"]));
  });

siteCommand("build", "update, then build the site; where CI is set, never from simulated weather").action(
  async (options: SiteOptions) => {
    await updateAndBuild("build", options, !isContinuousIntegration());
  },
);

siteCommand("start", "update, build the site and serve it")
  .addOption(portOption())
  .action(async (options: SiteOptions & ServeOptions) => {
    await updateAndBuild("start", options, true);
    await serve(options);
  });

program
  .command("serve")
  .description("serve a site that was built before")
  .addOption(folderOption())
  .addOption(portOption())
  .action(serve);

program
  .command("preview")
  .description("Framework's live preview, for editing pages; updates first if nothing is published")
  .addOption(portOption())
  .action(async ({ port }: Pick<ServeOptions, "port">) => {
    const home = await homeFolder();
    if (!isPublished(home)) await updateStore("preview", {}, { simulate: true });
    const { previewSite } = await import("../site/site.js");
    await previewSite({ home, port });
  });

addCiCommands(program, report);

if (isProgram(import.meta.url)) await runCli(process.argv.slice(2));

/** Runs one command to its end; sets `process.exitCode` where it fails. */
export async function runCli(args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    report.close();
    if (error instanceof CommanderError) {
      // Commander has printed what is wrong, or the help that was asked for.
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

/** A command over the history of stations. */
function historyCommand(name: string, description: string, settings: { hidden?: boolean } = {}): Command {
  return program
    .command(name, settings)
    .description(description)
    .addOption(stationOption())
    .addOption(shardOption())
    .option(
      "--from <time>",
      "first hour of history; later runs remember it unless the configuration has a genesis",
      parseTimeOption,
    )
    .addOption(asOfOption());
}

function siteCommand(name: string, description: string): Command {
  return historyCommand(name, description)
    .option("--no-update", "from what is published, without updating it")
    .addOption(folderOption());
}

/** Does `work` on the store as a run that is recorded there. */
async function recorded<T>(command: string, { asOf }: HistoryOptions, work: (run: Run) => Promise<T>): Promise<T> {
  const { withRun } = await import("../pipeline/run.js");
  return withRun({ command, asOf, report }, work);
}

/** When nothing fresh came, what was stored before is published; where fresh data are needed the run then fails. */
async function updateStore(
  command: string,
  options: HistoryOptions & { relearn?: boolean },
  { simulate = false, isFreshNeeded = false },
): Promise<void> {
  const { update } = await import("../pipeline/update.js");
  await recorded(command, options, async (run) => {
    const problem = await update(run, { ...options, simulate });
    if (isFreshNeeded) throwIfStale(problem);
  });
}

function throwIfStale(problem: Problem | null): void {
  if (problem) throw new Error(`${problem}: there are no new observations`);
}

async function updateAndBuild(command: string, options: SiteOptions, simulate: boolean): Promise<void> {
  const { buildSite, checkOutputFolder } = await import("../site/site.js");
  checkOutputFolder(options.site);
  if (options.update) await updateStore(command, options, { simulate });
  const home = await homeFolder();
  if (!isPublished(home)) throw new Error(`nothing is published yet in ${home}`);
  report.info("building the site");
  await buildSite({ home, outDir: options.site });
  report.info(`site built in ${options.site}`);
}

async function serve({ site, port }: ServeOptions): Promise<void> {
  if (!existsSync(join(site, "index.html"))) throw new Error(`no site in ${site}: build it first`);
  const { serveSite } = await import("../site/site.js");
  const { url } = await serveSite({ dir: site, port }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new Error(`port ${port} is in use; choose another with --port`) : error;
  });
  print(`isotherm is at ${url}\n`);
}

async function homeFolder(): Promise<string> {
  const { loadConfig } = await import("../pipeline/loadConfig.js");
  return (await loadConfig()).home;
}

function isPublished(home: string): boolean {
  return existsSync(join(home, "published", "manifest.json"));
}

function isContinuousIntegration(): boolean {
  return !["", "0", "false"].includes(process.env.CI ?? "");
}

/** Results, and only they, go to stdout. */
function print(result: string | object): void {
  process.stdout.write(typeof result === "string" ? result : `${JSON.stringify(result)}\n`);
}

function parseTimeOption(text: string): number {
  try {
    return parseTime(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** An address would be taken for the name of a folder. */
function parsePath(text: string): string {
  if (hasScheme(text)) throw new InvalidArgumentError("expected a path of this machine");
  return text;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!(Number.isInteger(port) && 0 <= port && port <= 65535)) throw new InvalidArgumentError("expected 0 to 65535");
  return port;
}

function parseLead(text: string, before: number[] = []): number[] {
  const lead = Number(text);
  if (!(Number.isInteger(lead) && 1 <= lead && lead <= maxLeadHours)) {
    throw new InvalidArgumentError(`expected 1 to ${maxLeadHours}`);
  }
  return [...before, lead];
}

function parsePlace(text: string): [number, number] {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!match) throw new Error(`not a place: ${JSON.stringify(text)}; expected LAT,LON such as 33.64,-84.43`);
  return [Number(match[1]), Number(match[2])];
}
