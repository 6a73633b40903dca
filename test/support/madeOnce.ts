import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A folder that all tests of a run share and leave as it is. The first to ask for it makes it, and others wait. */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(process.env.ISOTHERM_TEST_ROOT!, name);
  const [unfinished, failed] = [`${folder}.unfinished`, `${folder}.failed`];
  const isFirst = await mkdir(`${folder}.lock`).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    try {
      await mkdir(unfinished);
      await make(unfinished);
      await rename(unfinished, folder);
    } catch (error) {
      await mkdir(failed);
      throw error;
    }
  }
  while (!existsSync(folder)) {
    if (existsSync(failed)) throw new Error(`${name} could not be made by another test`);
    await delay(20);
  }
  return folder;
}
