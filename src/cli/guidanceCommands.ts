import type { Command } from "commander";
import type { Report } from "../shared/progress.js";
import { textTable } from "../shared/textTable.js";
import { jsonOption, parseCount, print, stationOption } from "./options.js";

/** Rejected rows that an import prints; all are in table `quarantine`. */
const printedFailures = 10;

/** Adds the commands for guidance, the forecasts of others. */
export function addGuidanceCommands(program: Command, report: Report): void {
  const guidance = program
    .command("guidance")
    .description("import forecasts of others, which the model corrects and weighs; ours is compared with them");

  guidance
    .command("backfill")
    .description(
      "read past runs of the National Blend of Models, from the oldest stored one back; the stations learn their history again at the next update",
    )
    .option("--days <number>", "how far back", parseCount, 60)
    .option("--every <hours>", "hours between the runs that are read", parseCount, 12)
    .addOption(stationOption())
    .action(async ({ days, every, station }: { days: number; every: number; station?: string[] }) => {
      const [{ withRun }, { backfillGuidance }, { configuredStations, resolveStations }] = await Promise.all([
        import("../pipeline/run.js"),
        import("../pipeline/guidance/backfill.js"),
        import("../data/stations/stations.js"),
      ]);
      const changed = await withRun({ command: "guidance backfill", report }, async (run) => {
        const stations = station
          ? await resolveStations(run.config, station, report)
          : await configuredStations(run.config, report);
        return backfillGuidance(run, stations, { days, every });
      });
      if (changed === 0) report.info("no past guidance was found that is not stored");
    });

  guidance
    .command("import <file>")
    .description(
      "store an archive of guidance, a Parquet file with the columns issuedTime, leadHours, temperatureC and, where known, dewPointC, temperatureSpreadC and stationId; its stations learn again at the next update",
    )
    .requiredOption("--source <name>", "nbm, nws, or a name of your own for one other source")
    .option("--station <id...>", "the stations it is for, GHCNh ids or ICAO codes; default: those that it names")
    .addOption(jsonOption())
    .action(async (file: string, options: { source: string; station?: string[]; json?: boolean }) => {
      const { withRun } = await import("../pipeline/run.js");
      const { importGuidance } = await import("../pipeline/guidance/importGuidance.js");
      const { stations, failures } = await withRun({ command: "guidance import", report }, (run) =>
        importGuidance(run, file, options),
      );
      if (options.json) {
        print({ stations, failures });
        return;
      }
      print(textTable(stations, ["station", "runs", "stored"]));
      if (failures.length === 0) return;
      report.warn(`${failures.length} rows were rejected`);
      print(textTable(failures.slice(0, printedFailures), ["row", "column", "check", "value"]));
    });
}
