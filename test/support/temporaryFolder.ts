import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when the tests are over. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "isotherm-test-"));
}
