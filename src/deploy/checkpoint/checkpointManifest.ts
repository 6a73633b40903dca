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
  group: z.number().int().min(0).nullable().describe("index in `groups`; null for rows without a station"),
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

/** `manifest.json` lists all files of a checkpoint with their digests, so that damage is found before anything is used. */
export const CheckpointManifest = z.strictObject({
  format: z.literal(1).describe("version of this file and of the layout"),
  schemaVersion: z.number().int().min(1).describe("version of the store's schema"),
  modelVersion: z.number().int().describe("version of the model states"),
  version: z.string().describe("version of isotherm"),
  lastHour: time.nullable().describe("newest hour that any station learned"),
  groups: z.array(z.array(stationId).min(1)).describe("stations that share files"),
  tables: z.array(TableFile),
  snapshots: z.array(SnapshotFile),
});
export type CheckpointManifest = z.infer<typeof CheckpointManifest>;

const Sealed = z.strictObject({ manifest: CheckpointManifest, sha256: digest });

export const manifestName = "manifest.json";

/** The text of `manifest.json`, including its own digest. */
export function sealManifest(manifest: CheckpointManifest): string {
  return JSON.stringify({ manifest, sha256: manifestDigest(manifest) }, null, 1);
}

/**
 * Reads the manifest of a checkpoint in a folder.
 * @throws `InvalidCheckpointError` when it is missing or damaged; another error when a later version of isotherm wrote it,
 * or it can't be read
 */
export function readManifest(folder: string): CheckpointManifest {
  const file = join(folder, manifestName);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") throw new InvalidCheckpointError("it is a file without the extension .tar");
    if (code !== "ENOENT") throw error;
    throw new InvalidCheckpointError("there is no checkpoint: manifest.json is missing");
  }
  const { manifest, sha256 } = parse(text);
  if (manifestDigest(manifest) !== sha256) {
    throw new InvalidCheckpointError("manifest.json is damaged: its digest does not match its content");
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
    throw new InvalidCheckpointError(`manifest.json is not the manifest of a checkpoint\n${mistakes}`);
  }
  return checked.data;
}

/** Identifies a checkpoint: SHA-256 of its manifest, which has the digests of all files. */
export function manifestDigest(manifest: CheckpointManifest): string {
  return createHash("sha256").update(JSON.stringify(manifest)).digest("hex");
}

/** What a manifest says of the content of a file. */
export function digestOf(file: string): { bytes: number; sha256: string } {
  const bytes = readFileSync(file);
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The stations of a checkpoint. */
export function stationsOf({ groups }: Pick<CheckpointManifest, "groups">): string[] {
  return groups.flat();
}
