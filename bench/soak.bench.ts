import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hourMs } from "../src/shared/time.js";
import { headStart, soak, soakConfig, soakGenesis } from "../test/support/soak.js";
import { soakFindings } from "../test/support/soakFindings.js";

// Runs days of hourly updates at an accelerated clock twice: without faults, and with random failures of NOAA and kills of
// the process. Both must end with the same data. A test that takes as long as a benchmark; ISOTHERM_SOAK_DAYS defaults to
// 30.

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
const [undisturbed, disturbed] = await Promise.all([
  soak({ ...options, home: clean, isFaulty: false }),
  soak({ ...options, home: faulty, isFaulty: true, report }),
]);
console.log("without faults", undisturbed);
console.log("with faults", disturbed);
const found = await soakFindings(soakConfig(clean), soakConfig(faulty));
const { hoursOtherwise, reportsOtherwise, guidanceOtherwise, issuesOtherwise, statesOtherwise, duplicates } = found;
const differences = {
  hoursOtherwise,
  reportsOtherwise,
  guidanceOtherwise,
  issuesOtherwise,
  statesOtherwise,
  duplicates,
};
console.log("compared", found);
const sameUntil = new Date(soakGenesis + (headStart + looseFrom) * hourMs).toISOString();
const isSame =
  Object.values(differences).every((rows) => rows.length === 0) &&
  Object.keys(found.scoresOtherwise).length === 0 &&
  Object.values(found.learnedOtherwise).every((time) => time >= sameUntil) &&
  found.verified.every(({ difference }) => difference === null) &&
  [undisturbed, disturbed].every(({ repeated, errors }) => repeated.length + errors.length === 0);
console.log(isSame ? "both ended with the same data" : `they differ; see ${homes.join(" and ")}`);
if (isSame) for (const home of homes) rmSync(home, { recursive: true });
else process.exitCode = 1;
