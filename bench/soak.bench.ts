import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hourMs } from "../src/shared/time.js";
import { headStart, soak, soakConfig, soakGenesis } from "../test/support/soak.js";
import { soakFindings } from "../test/support/soakFindings.js";

// Days of hourly updates at an accelerated clock, once in peace, and once with NOAA failing by chance and the process
// killed: both must end alike. Not a measurement, but as long as one: ISOTHERM_SOAK_DAYS, 30 if not given.

const days = Number(process.env.ISOTHERM_SOAK_DAYS ?? 30);
const seed = Number(process.env.ISOTHERM_SOAK_SEED ?? 1);
const icaos = process.env.ISOTHERM_SOAK_STATIONS === "1" ? (["KORD"] as const) : (["KORD", "KJFK"] as const);
const homes = ["clean", "faulty"].map((name) => mkdtempSync(join(tmpdir(), `isotherm-soak-${name}-`)));
const [clean, faulty] = homes as [string, string];
const looseFrom = Math.floor(days * 0.6) * 24;
const options = { hours: days * 24, seed, icaos, looseFrom };
const report = (hour: number) => {
  if (hour % 24 === 0) process.stderr.write(`day ${hour / 24} of ${days}\n`);
};
const [peaceful, soaked] = await Promise.all([
  soak({ ...options, home: clean, isFaulty: false }),
  soak({ ...options, home: faulty, isFaulty: true, report }),
]);
console.log("in peace", peaceful);
console.log("under faults", soaked);
const found = await soakFindings(soakConfig(clean), soakConfig(faulty));
const { hoursOtherwise, reportsOtherwise, officialOtherwise, issuesOtherwise, statesOtherwise, duplicates } = found;
const wrong = { hoursOtherwise, reportsOtherwise, officialOtherwise, issuesOtherwise, statesOtherwise, duplicates };
console.log("found", found);
const isAlikeUntil = new Date(soakGenesis + (headStart + looseFrom) * hourMs).toISOString();
const isWell =
  Object.values(wrong).every((rows) => rows.length === 0) &&
  Object.keys(found.scoresOtherwise).length === 0 &&
  Object.values(found.learnedOtherwise).every((time) => time >= isAlikeUntil) &&
  found.verified.every(({ difference }) => difference === null) &&
  [peaceful, soaked].every(({ repeated, errors }) => repeated.length + errors.length === 0);
console.log(isWell ? "all is well" : `something is wrong; what is left is in ${homes.join(" and ")}`);
if (isWell) for (const home of homes) rmSync(home, { recursive: true });
else process.exitCode = 1;
