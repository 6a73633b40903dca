import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureIsotherm, printTable } from "./measure.js";
import { openObservations } from "./observations.js";

// The command line: one station, one year and five, each again with nothing to do and with a new hour, then the site.

const { folder, isReal, station, firstYear, lastYear } = await openObservations();
const home = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
const env = { ISOTHERM_HOME: home, ISOTHERM_GHCNH: folder, ISOTHERM_ISD: folder };
const update = (hour: number, ...args: string[]) => {
  return ["update", "--station", station.stationId, "--as-of", `${lastYear}-12-31T${hour}:00Z`, ...args];
};

const steps: [string, string[]][] = [
  ["update, one year", update(21, "--from", `${lastYear}-01-01`)],
  ["update, nothing to do", update(21)],
  ["update, a new hour", update(22)],
  [`update, ${lastYear - firstYear + 1} years from the start`, update(22, "--from", `${firstYear}-01-01`)],
  ["update, nothing to do", update(22)],
  ["update, a new hour", update(23)],
  ["site build", ["build", "--no-update", "--site", join(home, "site")]],
  ["--help", ["--help"]],
];
const rows = [];
for (const [what, args] of steps) {
  const { seconds, peakMb } = await measureIsotherm(args, env);
  rows.push({ what, seconds, "peak MB": peakMb });
}
printTable(`The command line, one station of ${isReal ? "real" : "simulated"} observations`, rows);
rmSync(home, { recursive: true });
