import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** A place has no checkpoint, or a damaged one; not used for a place that can't be reached or read. */
export class InvalidCheckpointError extends Error {}

const digest = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in hexadecimal");
const time = z.number().int().describe("epoch milliseconds, UTC");
const path = z
  .string()
  .regex(/^(tables|snapshots)(\/[A-Za-z0-9][\w.-]*)+$/, "expected a path below tables/ or snapshots/, without ..");

const TableFile = z.strictObject({
  path,
  table: z.string().regex(/^\w+$/),
  group: z.number().int().min(0).nullable().describe("place in `groups`; null for rows of no station"),
  rows: z.number().int().min(0),
  bytes: z.number().int(),
  sha256: digest,
});
export type TableFile = z.infer<typeof TableFile>;

const stationId = z.string().regex(/^[\w-]+$/, "expected an id, which also names a folder");

const SnapshotFile = z.strictObject({
  path,
  stationId,
  snapshotId: digest,
  bytes: z.number().int(),
  sha256: digest,
});
export type SnapshotFile = z.infer<typeof SnapshotFile>;

/**
 * `manifest.json` of a checkpoint: all files that it consists of, so that what is missing or damaged is noticed before
 * anything of it is used.
 */
export const CheckpointManifest = z.strictObject({
  format: z.literal(1).describe("of this file and the layout of the others"),
  schemaVersion: z.number().int().min(1).describe("of the store that the tables are of"),
  modelVersion: z.number().int().describe("of the states"),
  version: z.string().describe("of isotherm"),
  lastHour: time.nullable().describe("newest hour that any station has learned"),
  groups: z.array(z.array(stationId).min(1)).describe("stations whose rows are in the same files"),
  tables: z.array(TableFile),
  snapshots: z.array(SnapshotFile),
});
export type CheckpointManifest = z.infer<typeof CheckpointManifest>;

const Sealed = z.strictObject({ manifest: CheckpointManifest, sha256: digest });

export const manifestName = "manifest.json";

/** The text of `manifest.json`, which carries its own digest. */
export function sealManifest(manifest: CheckpointManifest): string {
  return JSON.stringify({ manifest, sha256: manifestDigest(manifest) }, null, 1);
}

/**
 * Reads the manifest of a checkpoint in a folder.
 * @throws `InvalidCheckpointError` when there is none, or it isn't what was written; another error when it is of a later
 * isotherm, or can't be read
 */
export function readManifest(folder: string): CheckpointManifest {
  const file = join(folder, manifestName);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") throw new InvalidCheckpointError("it is a file that is not named .tar");
    if (code !== "ENOENT") throw error;
    throw new InvalidCheckpointError("there is no checkpoint: manifest.json is missing");
  }
  const { manifest, sha256 } = parse(text);
  if (manifestDigest(manifest) !== sha256) {
    throw new InvalidCheckpointError("manifest.json is damaged: its digest is not that of its content");
  }
  return manifest;
}

function parse(text: string): z.infer<typeof Sealed> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InvalidCheckpointError("manifest.json is damaged: it is not JSON");
  }
  const format = z.object({ manifest: z.object({ format: z.number() }) }).safeParse(json).data?.manifest.format;
  if (format !== undefined && format > 1) throw new Error(`the checkpoint has format ${format}; update isotherm`);
  const checked = Sealed.safeParse(json);
  if (!checked.success) {
    const mistakes = z.prettifyError(checked.error);
    throw new InvalidCheckpointError(`manifest.json is not that of a checkpoint\n${mistakes}`);
  }
  return checked.data;
}

/** What tells a checkpoint from any other: SHA-256 of its manifest, which has the digests of all its files. */
export function manifestDigest(manifest: CheckpointManifest): string {
  return createHash("sha256").update(JSON.stringify(manifest)).digest("hex");
}

/** The stations whose rows a checkpoint holds. */
export function stationsOf({ groups }: Pick<CheckpointManifest, "groups">): string[] {
  return groups.flat();
}
