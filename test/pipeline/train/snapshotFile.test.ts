import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import {
  digestSnapshot,
  readKeptState,
  readSnapshot,
  snapshotPath,
  writeSnapshot,
} from "../../../src/pipeline/train/snapshotFile.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const station = "USW00000001";
const next = uniform(3);
/** Numbers like those of a state: similar in their first bytes, with a remainder shorter than a number. */
const state = Uint8Array.from([
  ...new Uint8Array(Float64Array.from({ length: 3000 }, () => 10 + next()).buffer),
  1,
  2,
  3,
]);

let home: string;
let path: string;
beforeAll(async () => {
  home = await temporaryFolder();
  path = snapshotPath(home, station, "ab");
});

/** Writes the state, then its file with one change. */
function damaged(change: (bytes: Buffer) => Uint8Array): string {
  writeSnapshot(path, state);
  writeFileSync(path, change(readFileSync(path)));
  return path;
}

describe("a snapshot's file", () => {
  it("restores any state, and takes less space", () => {
    writeSnapshot(path, state);
    expect(readSnapshot(path)).toEqual(state);
    expect(readFileSync(path).length).toBeLessThan(state.length);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        writeSnapshot(path, bytes);
        expect(readSnapshot(path)).toEqual(bytes);
      }),
    );
  });

  it("is written completely: it replaces the previous one and leaves nothing else", () => {
    writeSnapshot(path, Uint8Array.of(1));
    writeSnapshot(path, state);
    expect(readdirSync(dirname(path))).toEqual(["ab.bin"]);
    expect(dirname(path)).toBe(join(home, "snapshots", station));
    expect(readSnapshot(path)).toEqual(state);
  });

  it("is rejected if any bit of its header or content differs", () => {
    writeSnapshot(path, state);
    const { length } = readFileSync(path);
    // The last byte may end in unused bits.
    const places = [...Array.from({ length: 48 }, (_, byte) => byte), 49, 60, length >> 1, length - 2];
    for (const place of places)
      for (const bit of [1, 16, 128]) {
        const file = damaged((bytes) => {
          bytes[place]! ^= bit;
          return bytes;
        });
        expect(() => readSnapshot(file), `bit ${bit} of byte ${place}`).toThrow(file);
      }
  });

  it("is rejected if it is truncated, empty, or something else", () => {
    for (const length of [47, 48, 1000]) {
      expect(() => readSnapshot(damaged((bytes) => bytes.subarray(0, length)))).toThrow(
        `${path} is ${length < 48 ? "not a snapshot" : "damaged"}`,
      );
    }
    expect(() => readSnapshot(damaged(() => Buffer.alloc(0)))).toThrow(`${path} is not a snapshot`);
    expect(() => readSnapshot(damaged(() => Buffer.from("PAR1".repeat(30))))).toThrow(`${path} is not a snapshot`);
  });

  it.each([
    ["layout", 4],
    ["model", 8],
  ])("of another %s is refused, with both versions", (name, offset) => {
    const file = damaged((bytes) => {
      bytes.writeUInt32LE(99, offset);
      return bytes;
    });
    expect(() => readSnapshot(file)).toThrow(
      new RegExp(`^${file} has .*${name} 99.*, this version of isotherm reads layout \\d+`),
    );
  });
});

describe("a kept state", () => {
  const stateOf = (bytes: Uint8Array) => {
    const key = { configDigest: "configuration", hoursDigest: "hours" };
    return { ...key, snapshotId: digestSnapshot(key.configDigest, key.hoursDigest, sha256(bytes)) };
  };

  it("is read if it is the one that the id names", () => {
    const key = stateOf(state);
    writeSnapshot(snapshotPath(home, station, key.snapshotId), state);
    expect(readKeptState(home, station, key)).toEqual(state);
  });

  it("is rejected if it or its digests differ", () => {
    const key = stateOf(state);
    const file = snapshotPath(home, station, key.snapshotId);
    writeSnapshot(file, state.with(5, 77));
    expect(() => readKeptState(home, station, key)).toThrow(`${file} holds another state`);
    writeSnapshot(file, state);
    expect(() => readKeptState(home, station, { ...key, hoursDigest: "others" })).toThrow("holds another state");
    expect(() => readKeptState(home, station, { ...key, configDigest: "another" })).toThrow("holds another state");
  });
});
