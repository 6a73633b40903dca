import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let root: string | undefined;

/** Gives all temporary files of a run a folder of their own, which goes with it, whatever the tests leave behind. */
export async function setup(): Promise<void> {
  if (process.env.ISOTHERM_TEST_ROOT) return;
  root = await mkdtemp(join(tmpdir(), "isotherm-tests-"));
  Object.assign(process.env, { ISOTHERM_TEST_ROOT: root, TMPDIR: root });
}

export async function teardown(): Promise<void> {
  if (root) await rm(root, { recursive: true, force: true, maxRetries: 9 });
}
