import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutSecrets } from "../../data/http/address.js";
import { type CheckpointManifest, readManifest } from "./checkpointManifest.js";
import { InvalidCheckpointError } from "./invalidCheckpoint.js";
import { bringHere } from "./openCheckpoint.js";

/**
 * What a place says of the checkpoint that it has, without the rest of it, which may be damaged.
 * @param place a folder, a `.tar` file, or the URL of either
 * @returns null when there is none, or its manifest can't be read as one
 * @throws when the place can't be reached
 */
export async function peekManifest(
  place: string,
  { contact = null }: { contact?: string | null } = {},
): Promise<CheckpointManifest | null> {
  const temporary = await mkdtemp(join(tmpdir(), "isotherm-manifest-"));
  try {
    return readManifest(await bringHere(place, temporary, { contact, isManifestOnly: true }));
  } catch (error) {
    if (error instanceof InvalidCheckpointError) return null;
    throw new Error(withoutSecrets(error instanceof Error ? error.message : String(error), place), { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
