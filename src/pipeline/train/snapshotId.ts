import { createHash } from "node:crypto";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { maxLeadHours, modelNames, quantities } from "../../model/vocabulary.js";
import type { Config } from "../../shared/config.js";

/** What a state follows from besides the hours: the same digest and hours give the same state. */
export function digestConfig(config: Pick<Config, "model">, genesisTime: number): string {
  const parts = { modelVersion, options: config.model, genesisTime, quantities, modelNames, maxLeadHours };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The id of a snapshot: SHA-256 of the digests (hexadecimal) of configuration, hours consumed and state. */
export function snapshotIdOf(configDigest: string, hoursDigest: string, stateDigest: string): string {
  return createHash("sha256").update(configDigest).update(hoursDigest).update(stateDigest).digest("hex");
}
