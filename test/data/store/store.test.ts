import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { compactStore } from "../../../src/data/store/compactStore.js";
import { getMeta, openStore, type Store, setMeta, timestamp } from "../../../src/data/store/store.js";
import { hourMs } from "../../../src/shared/time.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "isotherm-"));
});
afterEach(() => rmSync(home, { recursive: true }));

describe("store", () => {
  it("appends rows by column name and returns times and integers as numbers", async () => {
    const store = await openStore(home);
    const time = Date.UTC(2020, 6, 1, 12, 51);
    await store.append(
      "runs",
      ["asOf", "runId", "startedTime", "command", "outcome"],
      [[time, "a", time, "x", "running"]],
    );
    const [row] = await store.all(
      "SELECT runId, startedTime, finishedTime, count(*) OVER () AS n FROM runs WHERE startedTime = $time",
      { time: timestamp(time) },
      z.object({ runId: z.string(), startedTime: z.number(), finishedTime: z.null(), n: z.number() }),
    );
    expect(row).toEqual({ runId: "a", startedTime: time, finishedTime: null, n: 1 });
    await expect(store.append("runs", ["nothing"], [])).rejects.toThrow(/table runs has no column nothing/);
    await expect(store.all("SELECT 1 AS a", [], z.object({ a: z.string() }))).rejects.toThrow();
    store.close();
  });

  it("runs transactions completely or not at all, one after another", async () => {
    const store = await openStore(home);
    const failing = store.transaction(async () => {
      await setMeta(store, "a", "1");
      throw new Error("stopped");
    });
    const following = store.transaction(() => setMeta(store, "b", "2"));
    await expect(failing).rejects.toThrow("stopped");
    await following;
    expect(await getMeta(store, "a")).toBeNull();
    expect(await getMeta(store, "b")).toBe("2");
    store.close();
  });

  it("reports why rows could not be appended, also within a transaction", async () => {
    const store = await openStore(home);
    const twice = () => store.append("meta", ["key", "value"], [["schemaVersion", "1"]]);
    await expect(twice()).rejects.toThrow(/duplicate key/i);
    await expect(store.transaction(twice)).rejects.toThrow(/duplicate key/i);
    await store.append("meta", ["key", "value"], [["a", "1"]]);
    expect(await getMeta(store, "a")).toBe("1");
    store.close();
  });

  it("reopens a store, and rejects a newer schema and one that is no longer read", async () => {
    const first = await openStore(home);
    await setMeta(first, "a", "1");
    first.close();
    const second = await openStore(home, { readOnly: true });
    expect(await getMeta(second, "a")).toBe("1");
    second.close();
    const third = await openStore(home);
    await setMeta(third, "schemaVersion", "99");
    third.close();
    await expect(openStore(home)).rejects.toThrow(/schema version 99 .*update isotherm/);
    const instance = await DuckDBInstance.create(join(home, "isotherm.duckdb"));
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '1' WHERE key = 'schemaVersion'");
    connection.closeSync();
    instance.closeSync();
    await expect(openStore(home)).rejects.toThrow(/schema version 1 .*empty folder/);
  });

  it("reports a missing store and one that another process has open", async () => {
    await expect(openStore(join(home, "none"), { readOnly: true })).rejects.toThrow(/nothing is stored yet/);
    const store = await openStore(home);
    const script = `import { openStore } from ${JSON.stringify(new URL("../../../src/data/store/store.ts", import.meta.url).href)};
      openStore(${JSON.stringify(home)}).then(() => process.exit(0), (e) => { console.log(e.message); process.exit(3); });`;
    const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    store.close();
    expect(child.stdout + child.stderr).toContain("is in use by another process");
    expect(child.status).toBe(3);
  });

  it("runs concurrent reads and appends one after another", async () => {
    const store = await openStore(home);
    await store.run("CREATE TABLE pairs (a INTEGER, b VARCHAR)");
    const work = Array.from({ length: 60 }, async (_, i) => {
      await store.append("pairs", ["a", "b"], [[i, `number ${i}`]]);
      await store.all("SELECT count(*) AS n FROM pairs, range(1000)");
      await store.transaction(() => store.append("pairs", ["a"], [[-i]]));
    });
    await Promise.all(work);
    expect(await store.all("SELECT count(*) AS n, count(b) AS named FROM pairs")).toEqual([{ n: 120, named: 60 }]);
    store.close();
  });

  it("frees the space of deleted rows and keeps everything else", async () => {
    const store = await openStore(home);
    const rows = Array.from({ length: 24 }, (_, i) => ["a", i * hourMs, i, `digest ${i}`]);
    await store.append("issues", ["stationId", "issuedTime", "madeTime", "digest"], rows);
    await store.run("CREATE TABLE filler AS SELECT hash(range) AS value FROM range(400_000)");
    await store.run("CHECKPOINT");
    await store.run("DROP TABLE filler");
    const size = () => statSync(join(home, "isotherm.duckdb")).size;
    const content = (store: Store) => store.all("FROM issues ORDER BY ALL");
    const [before, kept] = [size(), await content(store)];
    expect(await compactStore(store, home)).toBe(false); // it is too little to be worth it
    expect(await compactStore(store, home, { bytes: 2 ** 20, share: 0.15 })).toBe(true);
    store.close();
    expect(readdirSync(home)).toEqual(["isotherm.duckdb"]);
    expect(size()).toBeLessThan(before / 2);
    const again = await openStore(home);
    expect(await content(again)).toEqual(kept);
    expect(kept).toHaveLength(24);
    expect(await again.all("FROM modelHours")).toEqual([]);
    expect(await compactStore(again, home, { bytes: 2 ** 20, share: 0.15 })).toBe(false);
    again.close();
  });
});
