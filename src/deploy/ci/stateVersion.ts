import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type CheckpointManifest, manifestDigest } from "../checkpoint/checkpointManifest.js";
import { peekManifest } from "../checkpoint/openCheckpoint.js";
import type { CiSettings } from "./ciSettings.js";
import { tipOf } from "./orphanBranch.js";

/**
 * The version of the saved state: the commit of its branch, or the digest of the manifest at ISOTHERM_STATE; null when
 * there is none. Throws when it can't be reached.
 */
export async function savedVersion({ state, remote, stateBranch }: CiSettings): Promise<string | null> {
  return state === null ? tipOf(remote, stateBranch) : versionOf(await peekManifest(state));
}

export function versionOf(manifest: CheckpointManifest | null): string | null {
  return manifest && manifestDigest(manifest);
}

/** Whether one state is ahead of another: it learned a later hour or has more ledger entries. */
export function isAheadOf(one: CheckpointManifest, other: CheckpointManifest): boolean {
  return (
    (one.lastHour ?? Number.NEGATIVE_INFINITY) > (other.lastHour ?? Number.NEGATIVE_INFINITY) ||
    entriesOf(one) > entriesOf(other)
  );
}

function entriesOf({ tables }: CheckpointManifest): number {
  return tables.reduce((sum, { table, rows }) => (table === "ledger" ? sum + rows : sum), 0);
}

const StateVersion = z.object({ commit: z.string().nullable() });

/** Remembers the version of the saved state that a home was restored from or last saved to; null for none. */
export function rememberVersion(home: string, commit: string | null): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(versionFile(home), JSON.stringify({ commit }));
}

/** The version remembered; undefined for a home that no run restored. */
export function rememberedVersion(home: string): string | null | undefined {
  const file = versionFile(home);
  if (!existsSync(file)) return undefined;
  try {
    return StateVersion.parse(JSON.parse(readFileSync(file, "utf8"))).commit;
  } catch (error) {
    throw new Error(`${file} is damaged; restore the state again: npm run isotherm -- ci restore`, { cause: error });
  }
}

function versionFile(home: string): string {
  return join(home, "stateTip.json");
}
