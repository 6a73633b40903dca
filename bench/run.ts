import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

// Runs `bench/<name>.bench.ts` for each name given, all if none, each in a process of its own so that peaks of memory
// are its own. Real files are used where ISOTHERM_ARCHIVE names a folder of them, simulated ones otherwise.

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
