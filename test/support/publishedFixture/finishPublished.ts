import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { writeApi } from "../../../src/pipeline/api/writeApi.js";
import { PublishedManifest } from "../../../src/shared/published/published.js";

/**
 * Does to published tables that a test has written or changed what `publish` does to its own: makes the files for pages
 * and other programs of them, and says in the manifest what there is.
 */
export async function finishPublished(home: string): Promise<void> {
  const folder = join(home, "published");
  const file = join(folder, "manifest.json");
  const {
    api: _api,
    contents: _contents,
    ...manifest
  } = PublishedManifest.parse(JSON.parse(readFileSync(file, "utf8")));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const entry of manifest.files) {
    const path = join(folder, entry.name);
    const content = readFileSync(path);
    const [[rows]] = (await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM '${path}'`)).getRowsJS() as [
      [number],
    ];
    Object.assign(entry, {
      rows,
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
    });
  }
  connection.closeSync();
  instance.closeSync();
  for (const name of ["api", "feed.json", "status.json"]) rmSync(join(folder, name), { recursive: true, force: true });
  const { api } = await writeApi(folder, manifest);
  writeFileSync(file, JSON.stringify({ ...manifest, api }));
}
