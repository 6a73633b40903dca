import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { create } from "tar";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { openStore } from "../../../src/data/store/store.js";
import { manifestName, readManifest, sealManifest } from "../../../src/deploy/checkpoint/checkpointManifest.js";
import { openCheckpoint, peekManifest } from "../../../src/deploy/checkpoint/openCheckpoint.js";
import { restoreCheckpoint } from "../../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../../src/deploy/checkpoint/saveCheckpoint.js";
import { ciSettings } from "../../../src/deploy/ci/ciSettings.js";
import { dayMs } from "../../../src/shared/time.js";
import { serveSite } from "../../../src/site/site.js";
import { deadServer, startIsotherm } from "../../support/isotherm.js";
import { startObjectStore } from "../../support/objectStore.js";
import { type StoredContent, storedContent } from "../../support/storedContent.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { fastExperts, history, type Learned, learned, storeHours, trainTo } from "../../support/training.js";

const stations = ["USW00000001", "USW00000002"] as const;
/** The first stored hour and the last learned one, in the next month. */
const [from, hours] = [130, 180];
const contact = null;

let home: string;
let content: StoredContent;
/** A checkpoint of `home`, as a folder and as one file. */
let saved: string;
let tar: string;
/** What `home` learns until the next day. */
let expected: Learned[];

async function train(folder: string, through: number): Promise<void> {
  const store = await openStore(folder);
  await trainTo(store, folder, stations, through, { experts: fastExperts });
  store.close();
}

beforeAll(async () => {
  home = await temporaryFolder();
  const store = await openStore(home);
  for (const [i, id] of stations.entries()) {
    await storeHours(store, id, history(hours + 30 - from, i + 1), from);
    await store.run(
      `INSERT INTO stations VALUES ('${id}', NULL, 'Some "place" of ''${i}''', 40, -100, NULL, 'America/Chicago')`,
    );
  }
  await store.run(`INSERT INTO runs VALUES ('one', 'update', '2020-01-01', NULL, '2020-01-01', 'succeeded', NULL),
    ('killed', 'update', '2020-01-01 01:00', NULL, '2020-01-01 01:00', 'running', NULL)`);
  for (const id of ["NULL", `'${stations[0]}'`]) {
    await store.run(
      `INSERT INTO requests VALUES ('one', 'awc', ${id}, 'u', 200, 9, 0.5, NULL, NULL, 'fetched', NULL, '2020-02-01 00:00:01')`,
    );
  }
  // An evening whose forecast was live, which a replay would not give again.
  await store.run(
    `INSERT INTO evenings BY NAME SELECT '${stations[0]}' AS stationId, TIMESTAMP '2020-01-31' AS issuedTime, 'd' AS digest,
       TIMESTAMP '2020-01-31 00:07' AS madeTime, 'low' AS kind, TIMESTAMP '2020-01-31 15:00' AS endTime, 1 AS p025, 2 AS p10,
       3 AS p25, 4 AS p50, 5 AS p75, 6 AS p90, 7 AS p975`,
  );
  store.close();
  await train(home, hours);
  content = await storedContent(home);
  const folder = await temporaryFolder();
  [saved, tar] = [join(folder, "checkpoint"), join(folder, "checkpoint.tar")];
  for (const place of [saved, tar]) await saveCheckpoint({ home, place, states: "newest", contact });
  const later = await copyOf(home);
  await train(later, hours + 20);
  expected = await learnedIn(later);
});

async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

async function learnedIn(folder: string): Promise<Learned[]> {
  const store = await openStore(folder, { readOnly: true });
  try {
    return await Promise.all(stations.map((id) => learned(store, id)));
  } finally {
    store.close();
  }
}

/** The `content` when only one state of each station is kept. */
function withoutOlderStates({ tables: { snapshots: _, ...tables } }: StoredContent) {
  return tables;
}

describe("a checkpoint", () => {
  test("restores into an empty home from a folder, a tar, and the URLs of both", async () => {
    const { url, close } = await serveSite({ dir: dirname(saved), port: 0 });
    onTestFinished(close);
    for (const place of [tar, `${url}checkpoint.tar`]) {
      const { manifest, close } = await openCheckpoint(place);
      expect(manifest, place).toEqual(readManifest(saved));
      await close();
    }
    for (const place of [saved, `${url}checkpoint`]) {
      const restored = await temporaryFolder();
      const { lastHour } = await restoreCheckpoint([place], { home: restored });
      const after = await storedContent(restored);
      expect(withoutOlderStates(after), place).toEqual(withoutOlderStates(content));
      expect(after.tables.evenings).toMatch(/^[1-9]\d* rows/);
      expect(after.states, place).toHaveLength(stations.length);
      expect(content.states).toEqual(expect.arrayContaining(after.states));
      expect(new Date(lastHour!).toISOString()).toBe("2020-02-01T12:00:00.000Z");
    }
  });

  test("continues as if never interrupted, whichever states it has", async () => {
    for (const states of ["newest", "daily", "both"] as const) {
      const place = join(await temporaryFolder(), "checkpoint");
      await saveCheckpoint({ home, place, states, contact });
      const restored = await temporaryFolder();
      await restoreCheckpoint([place], { home: restored });
      await train(restored, hours + 20);
      for (const [i, after] of (await learnedIn(restored)).entries()) {
        expect(after.tables, states).toEqual(expected[i]!.tables);
        expect(Object.entries(after.snapshots).at(-1), states).toEqual(Object.entries(expected[i]!.snapshots).at(-1));
      }
    }
  });

  test("has the same files for the same content", async () => {
    const other = join(await temporaryFolder(), "other.tar");
    await saveCheckpoint({ home, place: other, states: "newest", contact });
    expect(readFileSync(other).equals(readFileSync(tar))).toBe(true);
  });

  test("keeps the files of past periods when hours are added", async () => {
    const later = await copyOf(home);
    await train(later, hours + 3);
    const place = join(await temporaryFolder(), "checkpoint");
    await saveCheckpoint({ home: later, place, states: "daily", contact });
    const before = new Map(readManifest(saved).tables.map(({ path, sha256 }) => [path, sha256]));
    const isSame = (path: string) =>
      readManifest(place).tables.find((file) => file.path === path)!.sha256 === before.get(path);
    expect(isSame("tables/issues/2020-01-0.parquet")).toBe(true);
    expect(isSame("tables/forecasts/2020-01-31-0.parquet")).toBe(true);
    expect(isSame("tables/issues/2020-02-0.parquet")).toBe(false);
  });

  test("replaces the previous one completely or not at all", async () => {
    const place = join(await temporaryFolder(), "checkpoint");
    cpSync(saved, place, { recursive: true });
    writeFileSync(join(place, "left over"), "");
    const broken = await copyOf(home);
    for (const name of content.states) writeFileSync(join(broken, "snapshots", name), "not a state");
    await expect(saveCheckpoint({ home: broken, place, states: "newest", contact })).rejects.toThrow("not a snapshot");
    expect(existsSync(join(place, "left over"))).toBe(true);
    await saveCheckpoint({ home, place, states: "newest", contact });
    expect(readdirSync(place).sort()).toEqual([manifestName, "snapshots", "tables"]);
    // As left by a kill just before the new one takes its place.
    renameSync(place, join(dirname(place), ".checkpoint.previous"));
    await expect(saveCheckpoint({ home: broken, place, states: "newest", contact })).rejects.toThrow("not a snapshot");
    await (await openCheckpoint(place)).close();
  });

  test("is written to and read from the URL of a tar with a user and password", async () => {
    const objects = await startObjectStore();
    onTestFinished(() => objects.close());
    objects.authorization = `Basic ${Buffer.from("us@er:pass").toString("base64")}`;
    const place = `${objects.url.replace("//", "//us%40er:pass@")}deep/state.tar?signature=secret`;
    await saveCheckpoint({ home, place, states: "newest", contact });
    const { manifest, close } = await openCheckpoint(place);
    expect(manifest).toEqual(readManifest(saved));
    await close();
    expect(objects.log).toEqual(["PUT", "GET"].map((method) => `${method} /deep/state.tar?signature=secret`));
  });

  test("that can't be written or read is an error without the URL's secrets", async () => {
    const objects = await startObjectStore();
    onTestFinished(() => objects.close());
    objects.authorization = "another";
    const place = `${objects.url.replace("//", "//user:secret@")}state.tar?signature=secret`;
    const failed = [
      saveCheckpoint({ home, place, states: "newest", contact }),
      openCheckpoint(place),
      saveCheckpoint({ home, place: place.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9"), states: "newest", contact }),
      openCheckpoint(place.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9")),
    ].map((attempt) => attempt.then(String, (error: Error) => error.message));
    for (const [i, message] of (await Promise.all(failed)).entries()) {
      expect(message).toMatch(i < 2 ? /state\.tar: status 401/ : /state\.tar: .*ECONNREFUSED/);
      expect(message).not.toContain("secret");
    }
  });

  test("is not written to a URL that it could not be read from", async () => {
    const objects = await startObjectStore();
    onTestFinished(() => objects.close());
    for (const name of ["state", "state/", "state?file=x.tar"]) {
      const place = `${objects.url}${name}`;
      const refused = saveCheckpoint({ home: "nowhere", place, states: "newest", contact });
      await expect(refused, name).rejects.toThrow("needs a URL whose path ends in .tar");
      expect(() => ciSettings({ ISOTHERM_STATE: place }), name).toThrow(
        "ISOTHERM_STATE: a checkpoint needs a URL whose path ends in .tar",
      );
    }
    expect(ciSettings({ ISOTHERM_STATE: `${objects.url}state.tar?signature=x` }).state).not.toBeNull();
    expect(objects.log).toEqual([]);
  });

  test.each([
    "s3://bucket/state.tar",
    "ftp://one.example/state",
    "file:///tmp/state.tar",
    "http://",
    "htps://x/state.tar",
  ])("can be neither written to nor read from %s, and no folder is made of that name", async (place) => {
    const message = `${place} is not an address that can be used`;
    await expect(saveCheckpoint({ home, place, states: "newest", contact })).rejects.toThrow(message);
    await expect(openCheckpoint(place)).rejects.toThrow(message);
    await expect(peekManifest(place)).rejects.toThrow(message);
    expect(() => ciSettings({ ISOTHERM_STATE: place })).toThrow(`ISOTHERM_STATE: ${message}`);
    expect(existsSync(place.split("/")[0]!)).toBe(false);
  });

  test("is downloaded as long as data arrive, and no longer", async () => {
    const bytes = readFileSync(tar);
    // In pieces, one after another; at another address they stop coming.
    const pieces = 12;
    const server = createServer((request, response) => {
      response.writeHead(200, { "content-length": bytes.length });
      const size = Math.ceil(bytes.length / pieces);
      const send = (i: number) => {
        response.write(bytes.subarray(i * size, (i + 1) * size));
        if (request.url!.includes("stalls") && i === 3) return;
        if (i + 1 < pieces) setTimeout(send, 50, i + 1);
        else response.end();
      };
      send(0);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const http = { idleTimeoutMs: 300 };
    onTestFinished(() => void server.close().closeAllConnections());
    const timeouts = vi.spyOn(AbortSignal, "timeout");
    await (await openCheckpoint(`${url}slow.tar`, { http })).close();
    expect(timeouts.mock.calls.filter(([ms]) => ms < dayMs)).toEqual([]);
    timeouts.mockRestore();
    await expect(openCheckpoint(`${url}stalls.tar`, { http })).rejects.toThrow(/stalls\.tar/);
  });

  test("has a manifest that can be read without the other files", async () => {
    const objects = await startObjectStore();
    onTestFinished(() => objects.close());
    objects.objects.set("whole.tar", readFileSync(tar));
    const size = statSync(join(saved, manifestName)).size;
    objects.objects.set("cut.tar", readFileSync(tar).subarray(0, 512 + Math.ceil(size / 512) * 512 + 700));
    objects.objects.set("none.tar", Buffer.from("<html>not a tar</html>".repeat(100)));
    for (const place of [saved, tar, `${objects.url}whole.tar`, `${objects.url}cut.tar`])
      expect(await peekManifest(place), place).toEqual(readManifest(saved));
    for (const place of [await temporaryFolder(), `${objects.url}none.tar`, `${objects.url}absent.tar`])
      expect(await peekManifest(place), place).toBeNull();
    await expect(peekManifest(`${deadServer}state.tar`)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("a damaged checkpoint", () => {
  const filesOf = (folder: string) =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort();

  test("is rejected when any bit of any file is flipped", async () => {
    const folder = await copyOf(saved);
    const files = filesOf(folder);
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), fc.nat(), fc.nat(7), async (index, position, bit) => {
        const path = join(folder, files[index]!);
        const before = readFileSync(path);
        const after = Buffer.from(before);
        after[position % after.length]! ^= 1 << bit;
        writeFileSync(path, after);
        await expect(openCheckpoint(folder)).rejects.toThrow(folder);
        writeFileSync(path, before);
      }),
      { numRuns: 15 },
    );
    await (await openCheckpoint(folder)).close();
  });

  test("is rejected when any file is missing or truncated", async () => {
    const folder = await copyOf(saved);
    // The manifest, a file of each table, and a state of each station.
    const folders = new Map(filesOf(folder).map((name) => [dirname(name), name]));
    for (const name of folders.values()) {
      const path = join(folder, name);
      const before = readFileSync(path);
      writeFileSync(path, before.subarray(0, before.length - 1));
      await expect(openCheckpoint(folder), name).rejects.toThrow("damaged");
      rmSync(path);
      await expect(openCheckpoint(folder), name).rejects.toThrow("missing");
      writeFileSync(path, before);
    }
  });

  test("is reported with some of its files and the number of the others", async () => {
    const folder = await copyOf(saved);
    rmSync(join(folder, "tables"), { recursive: true });
    await expect(openCheckpoint(folder)).rejects.toThrow(/(?:tables\/[\w/-]+\.parquet is missing; ){5}and \d+ more/);
  });

  test("leaves the home unchanged: a damaged tar, a newer schema, a newer format, a state of another snapshot", async () => {
    const target = await copyOf(home);
    mkdirSync(join(target, "published"));
    const [store, states] = [readFileSync(join(target, "isotherm.duckdb")), filesOf(join(target, "snapshots"))];
    const places: [string, string][] = [];
    const cut = join(await temporaryFolder(), "checkpoint.tar");
    writeFileSync(cut, readFileSync(tar).subarray(0, statSync(tar).size / 2));
    places.push([cut, "checkpoint"]);

    const resealed = async (change: object) => {
      const folder = await copyOf(saved);
      writeFileSync(join(folder, manifestName), sealManifest({ ...readManifest(folder), ...change }));
      return folder;
    };
    places.push([await resealed({ schemaVersion: 99 }), "update isotherm"]);
    places.push([await resealed({ format: 2 }), "has format 2; update isotherm"]);
    const { snapshots } = readManifest(saved);
    const [one, other] = snapshots as [(typeof snapshots)[0], (typeof snapshots)[0]];
    places.push([
      await resealed({ snapshots: [{ ...other, stationId: one.stationId, snapshotId: one.snapshotId }, other] }),
      "holds another state than its name says",
    ]);
    places.push([await resealed({ tables: [{ ...readManifest(saved).tables[0]!, path: "tables/../../x" }] }), "path"]);
    const elsewhere = { ...one, stationId: "../../elsewhere" };
    places.push([await resealed({ snapshots: [elsewhere, other] }), "which also names a folder"]);
    places.push([await evilTar("../evil"), "path contains '..'"]);
    places.push([await evilTar("tables/../../evil"), "'..'"]);
    places.push([await evilTar(join(target, "evil")), "absolute"]);
    places.push([join(target, "nothing"), "there is no checkpoint"]);
    places.push([await temporaryFolder(), "there is no checkpoint"]);
    places.push([`${deadServer}checkpoint`, "ECONNREFUSED"]);
    for (const [place, message] of places) {
      await expect(restoreCheckpoint([place], { home: target }), place).rejects.toThrow(message);
      expect(readFileSync(join(target, "isotherm.duckdb")).equals(store), place).toBe(true);
      expect(filesOf(join(target, "snapshots"))).toEqual(states);
      expect(readdirSync(target).sort()).toEqual(["isotherm.duckdb", "published", "snapshots"]);
    }
    await restoreCheckpoint([saved], { home: target });
    expect(readdirSync(target).sort()).toEqual(["isotherm.duckdb", "snapshots"]);
  });
});

/** A tar that would write outside the folder it is unpacked into. */
async function evilTar(path: string): Promise<string> {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, "evil"), "evil");
  const file = join(folder, "evil.tar");
  const onWriteEntry = (entry: { path: string }) => {
    entry.path = path;
  };
  await create({ file, cwd: folder, preservePaths: true, onWriteEntry }, ["evil"]);
  return file;
}

describe("restoring", () => {
  test("replaces a store that can't be opened, but not one in use", async () => {
    const target = await temporaryFolder();
    writeFileSync(join(target, "isotherm.duckdb"), "not a database");
    await restoreCheckpoint([saved], { home: target });
    expect(withoutOlderStates(await storedContent(target))).toEqual(withoutOlderStates(content));

    const other = await openInChild(target);
    onTestFinished(() => void other.kill());
    await expect(restoreCheckpoint([saved], { home: target })).rejects.toThrow("in use by another process");
  });

  test("leaves the old store or the new one when killed at any time", async () => {
    const target = await temporaryFolder();
    const old = await openStore(target);
    await storeHours(old, "USW00000009", history(30, 9));
    await trainTo(old, target, ["USW00000009"], 30, { experts: fastExperts });
    old.close();
    const before = await storedContent(target);
    const expected = withoutOlderStates(content);
    for (const delay of [1100, 1600]) {
      const child = startIsotherm(["restore", saved], { ISOTHERM_HOME: target });
      const ended = new Promise((closed) => child.once("close", closed));
      setTimeout(() => child.kill("SIGKILL"), delay);
      await ended;
      const after = await storedContent(target);
      if (after.tables.hours === before.tables.hours) {
        expect(after.tables).toEqual(before.tables);
        expect(after.states).toEqual(expect.arrayContaining(before.states));
      } else expect(withoutOlderStates(after)).toEqual(expected);
    }
    await restoreCheckpoint([saved], { home: target });
    expect(withoutOlderStates(await storedContent(target))).toEqual(expected);
    expect((await storedContent(target)).states).toHaveLength(stations.length);
  });

  test("takes each station from the last checkpoint that has it, and other rows once", async () => {
    const [first, second] = stations;
    const places: string[] = [saved];
    for (const id of stations) {
      const part = await temporaryFolder();
      await restoreCheckpoint([saved], { home: part, stations: new Set([id]) });
      expect((await storedContent(part)).states).toEqual([expect.stringContaining(id)]);
      const store = await openStore(part);
      await trainTo(store, part, [id], hours + 20, { experts: fastExperts });
      // As each run marks the runs that it finds still running.
      await store.run("UPDATE runs SET outcome = 'failed', message = 'killed' WHERE outcome = 'running'");
      await store.run(
        `INSERT INTO runs VALUES ('${id}', 'update', '2020-01-02', NULL, '2020-01-02', 'succeeded', NULL)`,
      );
      store.close();
      places.push(join(await temporaryFolder(), "part"));
      await saveCheckpoint({ home: part, place: places.at(-1)!, states: "both", contact });
    }
    const merged = await temporaryFolder();
    expect((await restoreCheckpoint(places, { home: merged })).stations).toEqual([first, second]);
    expect((await learnedIn(merged)).map(({ tables }) => tables)).toEqual(expected.map(({ tables }) => tables));
    const one = await openStore(merged, { readOnly: true });
    for (const [table, rows] of [
      ["runs", 4],
      ["requests", 2],
      ["stations", 2],
    ] as const) {
      expect(await one.all(`SELECT count(*) AS n FROM ${table}`), table).toEqual([{ n: rows }]);
    }
    expect(await one.all("SELECT outcome, message FROM runs WHERE runId = 'killed'")).toEqual([
      { outcome: "failed", message: "killed" },
    ]);
    const daily = await one.all<{ id: string }>(
      "SELECT snapshotId AS id FROM snapshots WHERE kept AND hour(throughTime) = 23 ORDER BY stationId",
    );
    one.close();
    // The daily state stays the same all day.
    const place = join(await temporaryFolder(), "checkpoint");
    const { snapshots } = await saveCheckpoint({ home: merged, place, states: "daily", contact });
    expect(snapshots.map(({ snapshotId }) => snapshotId)).toEqual(daily.map(({ id }) => id));
    expect(daily).toHaveLength(2);
  });
});

/** A process that keeps the store open until it is killed. */
async function openInChild(folder: string) {
  const script = `import { openStore } from ${JSON.stringify(join(process.cwd(), "src/data/store/store.ts"))};
    await openStore(${JSON.stringify(folder)}); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((open) => child.stdout.once("data", open));
  return child;
}
