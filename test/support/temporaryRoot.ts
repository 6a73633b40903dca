import { mkdtemp, readFile, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let root: string | undefined;

const inMemory = "/dev/shm";
const neededBytes = 4 * 2 ** 30;

/**
 * Where temporary files go: memory where there is room and programs may run, because stores wait for the disk hundreds
 * of times, and a slow disk makes tests slow.
 */
async function temporaryBase(): Promise<string> {
  if (process.env.TMPDIR || process.platform !== "linux") return tmpdir();
  const { bavail, bsize } = await statfs(inMemory).catch(() => ({ bavail: 0, bsize: 0 }));
  const mount = (await readFile("/proc/mounts", "utf8")).split("\n").find((line) => line.includes(` ${inMemory} `));
  return bavail * bsize > neededBytes && mount && !mount.includes("noexec") ? inMemory : tmpdir();
}

/** Gives all temporary files of a run a folder of their own, which goes with it, whatever the tests leave behind. */
export async function setup(): Promise<void> {
  if (process.env.ISOTHERM_TEST_ROOT) return;
  root = await mkdtemp(join(await temporaryBase(), "isotherm-tests-"));
  Object.assign(process.env, { ISOTHERM_TEST_ROOT: root, TMPDIR: root });
}

export async function teardown(): Promise<void> {
  if (root) await rm(root, { recursive: true, force: true, maxRetries: 9 });
}
