import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { maxLeadHours, modelNames, quantities } from "../../model/vocabulary.js";

/** magic, layout version, model version, length of the state, SHA-256 of the state; then the state, compressed */
const headerBytes = 4 + 4 + 4 + 4 + 32;
const magic = "ISOT";
const layoutVersion = 1;
/** Bytes of a double, which most of the state consists of. Grouping equal byte positions makes it compress better. */
const stride = 8;

const remedy = "delete it, then training resumes from the snapshot before it";

/** Path of a snapshot's state. */
export function snapshotPath(home: string, stationId: string, snapshotId: string): string {
  return join(home, "snapshots", stationId, `${snapshotId}.bin`);
}

/** Writes a state with its checksum, completely or not at all. */
export function writeSnapshot(path: string, state: Uint8Array): void {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 0, "latin1");
  header.writeUInt32LE(layoutVersion, 4);
  header.writeUInt32LE(modelVersion, 8);
  header.writeUInt32LE(state.byteLength, 12);
  createHash("sha256").update(state).digest().copy(header, 16);
  mkdirSync(dirname(path), { recursive: true });
  const grouped = transpose(state, Math.floor(state.length / stride), stride);
  const compressed = brotliCompressSync(grouped, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } });
  try {
    writeFileSync(`${path}.tmp`, Buffer.concat([header, compressed]), { flush: true });
    renameSync(`${path}.tmp`, path);
  } finally {
    rmSync(`${path}.tmp`, { force: true });
  }
}

/** Whether a file is a state of another version of the model or layout; false for missing and other files. */
export function isFromOtherVersion(path: string): boolean {
  const header = Buffer.alloc(headerBytes);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    return readSync(file, header) === headerBytes && isState(header) && !isCurrentVersion(header);
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

function isState(header: Buffer): boolean {
  return header.toString("latin1", 0, 4) === magic;
}

function isCurrentVersion(header: Buffer): boolean {
  return header.readUInt32LE(4) === layoutVersion && header.readUInt32LE(8) === modelVersion;
}

/** Reads a state. Throws, naming the file, when it is missing, not a snapshot, of another version, or damaged. */
export function readSnapshot(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? "is missing; train again to restore it" : `can't be read: ${(error as Error).message}`;
    throw new Error(`${path} ${reason}`, { cause: error });
  }
  if (bytes.length < headerBytes || !isState(bytes)) throw new Error(`${path} is not a snapshot; ${remedy}`);
  if (!isCurrentVersion(bytes)) {
    const layout = bytes.readUInt32LE(4);
    const model = bytes.readUInt32LE(8);
    throw new Error(
      `${path} has layout ${layout} of model ${model}, this version of isotherm reads layout ${layoutVersion} of model ${modelVersion}; ${remedy}`,
    );
  }
  const length = bytes.readUInt32LE(12);
  try {
    const grouped = brotliDecompressSync(bytes.subarray(headerBytes));
    const state = transpose(grouped, stride, Math.floor(grouped.length / stride));
    const digest = createHash("sha256").update(state).digest();
    if (state.length === length && digest.equals(bytes.subarray(16, headerBytes))) return state;
  } catch {
    // A state that does not decompress is damaged too.
  }
  throw new Error(`${path} is damaged: its checksum does not match its content; ${remedy}`);
}

/** The columns of table `snapshots` that identify a state. */
export interface SnapshotKey {
  snapshotId: string;
  configDigest: string;
  hoursDigest: string;
}

/** Reads a snapshot's kept state. Throws as `readSnapshot` does, and when the file holds another snapshot's state. */
export function readKeptState(home: string, stationId: string, key: SnapshotKey): Uint8Array {
  const path = snapshotPath(home, stationId, key.snapshotId);
  const state = readSnapshot(path);
  const stateDigest = createHash("sha256").update(state).digest("hex");
  if (digestSnapshot(key.configDigest, key.hoursDigest, stateDigest) !== key.snapshotId)
    throw new Error(`${path} holds another state than its name says; ${remedy}`);
  return state;
}

/** Turns rows of bytes into columns: the first bytes of all rows, then the second ones; a remainder stays at the end. */
function transpose(bytes: Uint8Array, rows: number, columns: number): Uint8Array {
  const result = Uint8Array.from(bytes);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = bytes[i * columns + j];
  return result;
}

/** Digest of everything except the hours that determines a state: the same digest and hours give the same state. */
export function digestConfig(
  { options, prior }: { options: ForecasterOptions; prior: { digest: string } | null },
  genesisTime: number,
): string {
  const start = prior ? { prior: prior.digest } : {};
  const parts = { modelVersion, options, genesisTime, quantities, modelNames, maxLeadHours, ...start };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** A snapshot's id: SHA-256 of the hexadecimal digests of configuration, hours consumed and state. */
export function digestSnapshot(configDigest: string, hoursDigest: string, stateDigest: string): string {
  return createHash("sha256").update(configDigest).update(hoursDigest).update(stateDigest).digest("hex");
}
