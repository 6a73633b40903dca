import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { maxLeadHours, modelNames, quantities } from "../../model/vocabulary.js";
import type { Config } from "../../shared/config.js";

/** magic, layout version, model version, length of the state, SHA-256 of the state; then the state, compressed */
const headerBytes = 4 + 4 + 4 + 4 + 32;
const magic = "ISOT";
const layoutVersion = 1;
/** Bytes of a number of most of the state: its first bytes, put side by side, are alike and compress. */
const stride = 8;

const remedy = "delete it, and training goes back to the snapshot before it";

/** Path of the state of a snapshot. */
export function snapshotPath(home: string, stationId: string, snapshotId: string): string {
  return join(home, "snapshots", stationId, `${snapshotId}.bin`);
}

/** Writes a state beside its checksum, whole or not at all. */
export function writeSnapshot(path: string, state: Uint8Array): void {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 0, "latin1");
  header.writeUInt32LE(layoutVersion, 4);
  header.writeUInt32LE(modelVersion, 8);
  header.writeUInt32LE(state.byteLength, 12);
  createHash("sha256").update(state).digest().copy(header, 16);
  mkdirSync(dirname(path), { recursive: true });
  const compressed = brotliCompressSync(transpose(state, stride), { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  try {
    writeFileSync(`${path}.tmp`, Buffer.concat([header, compressed]), { flush: true });
    renameSync(`${path}.tmp`, path);
  } finally {
    rmSync(`${path}.tmp`, { force: true });
  }
}

/** Whether a file is a state that another version of the model, or of the layout, has left; not of a file that is missing or none. */
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

/** Reads a state back. Throws, naming the file, when it is missing, not a snapshot, of another version, or damaged. */
export function readSnapshot(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? "is missing; training makes it again" : `can't be read: ${(error as Error).message}`;
    throw new Error(`${path} ${reason}`, { cause: error });
  }
  if (bytes.length < headerBytes || !isState(bytes)) throw new Error(`${path} is not a snapshot; ${remedy}`);
  if (!isCurrentVersion(bytes)) {
    const layout = bytes.readUInt32LE(4);
    const model = bytes.readUInt32LE(8);
    throw new Error(
      `${path} has layout ${layout} of model ${model}, this isotherm reads layout ${layoutVersion} of model ${modelVersion}; ${remedy}`,
    );
  }
  const length = bytes.readUInt32LE(12);
  try {
    const state = restoreOrder(brotliDecompressSync(bytes.subarray(headerBytes)), stride);
    const digest = createHash("sha256").update(state).digest();
    if (state.length === length && digest.equals(bytes.subarray(16, headerBytes))) return state;
  } catch {
    // What does not decompress is as damaged as what does to something else.
  }
  throw new Error(`${path} is damaged: its checksum is not that of its content; ${remedy}`);
}

/** A row of table `snapshots`, as far as it names a state. */
export interface SnapshotKey {
  snapshotId: string;
  configDigest: string;
  hoursDigest: string;
}

/** The kept state of a snapshot. Throws, naming the file, as `readSnapshot` does and when it is another snapshot's. */
export function readKeptState(home: string, stationId: string, key: SnapshotKey): Uint8Array {
  const path = snapshotPath(home, stationId, key.snapshotId);
  const state = readSnapshot(path);
  const stateDigest = createHash("sha256").update(state).digest("hex");
  if (digestSnapshot(key.configDigest, key.hoursDigest, stateDigest) !== key.snapshotId)
    throw new Error(`${path} holds another state than the one it is named after; ${remedy}`);
  return state;
}

/** The first bytes of all numbers, then the second ones, and so on; what is left over stays at the end. */
function transpose(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const result = bytes.slice();
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) result[j * count + i] = bytes[i * width + j];
  return result;
}

function restoreOrder(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const result = new Uint8Array(bytes);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) result[i * width + j] = bytes[j * count + i];
  return result;
}

/** What a state follows from besides the hours: the same digest and hours give the same state. */
export function digestConfig(config: Pick<Config, "model">, genesisTime: number): string {
  const parts = { modelVersion, options: config.model, genesisTime, quantities, modelNames, maxLeadHours };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The id of a snapshot: SHA-256 of the digests (hexadecimal) of configuration, hours consumed and state. */
export function digestSnapshot(configDigest: string, hoursDigest: string, stateDigest: string): string {
  return createHash("sha256").update(configDigest).update(hoursDigest).update(stateDigest).digest("hex");
}
