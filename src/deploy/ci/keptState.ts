import { type CheckpointManifest, manifestDigest } from "../checkpoint/checkpointManifest.js";
import { peekManifest } from "../checkpoint/peekManifest.js";
import type { CiSettings } from "./ciSettings.js";
import { tipOf } from "./orphanBranch.js";

/**
 * What tells the state that is kept now from any other: the commit of its branch, or the digest of the manifest of what
 * ISOTHERM_STATE names; null for none. Throws when it can't be reached.
 */
export async function keptVersion({ state, remote, stateBranch }: CiSettings): Promise<string | null> {
  return state === null ? tipOf(remote, stateBranch) : versionOf(await peekManifest(state));
}

export function versionOf(manifest: CheckpointManifest | null): string | null {
  return manifest && manifestDigest(manifest);
}

/** Whether a state has what another lacks: an hour learned later, or more of the ledger. */
export function isAheadOf(one: CheckpointManifest, other: CheckpointManifest): boolean {
  return (
    (one.lastHour ?? Number.NEGATIVE_INFINITY) > (other.lastHour ?? Number.NEGATIVE_INFINITY) ||
    entriesOf(one) > entriesOf(other)
  );
}

function entriesOf({ tables }: CheckpointManifest): number {
  return tables.reduce((sum, { table, rows }) => (table === "ledger" ? sum + rows : sum), 0);
}
