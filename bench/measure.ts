import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textTable } from "../src/shared/textTable.js";

/**
 * Runs `work` and returns its result, its seconds, and the CPU seconds of this process, which depend less on other
 * processes.
 */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ seconds: number; coreSeconds: number; result: T }> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, coreSeconds: (user + system) / 1e6, result };
}

/** The least seconds of `times` runs, which other processes have disturbed least. */
export async function fastest(times: number, work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) least = Math.min(least, (await timed(work)).seconds);
  return least;
}

/** Peak memory of this process so far, MB. */
export function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** The size of a folder, which may be missing. */
export function sizeOf(folder: string): { MB: number; files: number } {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return { MB: bytes / 1e6, files: files.length };
}

/** Runs the command line and returns its duration and peak memory. */
export async function measureIsotherm(args: readonly string[], env: Record<string, string>) {
  const project = fileURLToPath(new URL("../", import.meta.url));
  const peak = fileURLToPath(new URL("peakMemory.mjs", import.meta.url));
  const { seconds, result } = await timed(async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "--import", peak, "src/cli/cli.ts", ...args], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.stdout.resume();
    const code = await new Promise<number | null>((closed) => child.once("close", closed));
    if (code !== 0) throw new Error(`isotherm ${args.join(" ")} failed\n${stderr}`);
    return Number(/^peak (\d+) kB$/m.exec(stderr)![1]);
  });
  return { seconds, peakMb: Math.round(result / 1024) };
}

/** Prints a table under a title; numbers to three significant digits. */
export function printTable<Row extends Record<string, string | number>>(title: string, rows: readonly Row[]): void {
  const rounded = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value,
      ]),
    ),
  );
  console.log(`${title}\n${textTable(rounded, Object.keys(rows[0] ?? {}))}`);
}
