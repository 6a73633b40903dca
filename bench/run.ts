import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

// Runs `bench/<name>.bench.ts` for each name given, or all, each in its own process so that memory peaks are separate.
// Uses real files from the folder ISOTHERM_ARCHIVE, or simulated ones when it is not set.

const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".bench.ts"));
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !names.includes(`${name}.bench.ts`));
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(", ")}`);
console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown core"}\n`);
for (const name of names) {
  if (chosen.length > 0 && !chosen.includes(name.replace(".bench.ts", ""))) continue;
  const { status } = spawnSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, name)], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
