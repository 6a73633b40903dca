import type { StationModel } from "../../shared/published/stationModel.js";

/** SHA-256 in hexadecimal; null without SubtleCrypto, which browsers offer on https and local addresses only. */
export async function hexDigest(bytes: Uint8Array): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether a snapshot has the state with this digest. */
export async function isStateOf(
  { snapshotId, configDigest, hoursDigest }: StationModel["snapshots"][number],
  stateDigest: string,
): Promise<boolean> {
  return (await hexDigest(new TextEncoder().encode(configDigest + hoursDigest + stateDigest))) === snapshotId;
}
