import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/data/store/store.js";
import { psv, routineRows } from "../support/psv.js";

const child = fileURLToPath(new URL("../support/fetchChild.ts", import.meta.url));
const stations = ["USW00013874", "USW00094846", "USW00003017", "USW00014739", "USW00012839", "USW00026451"];
const hours = 1000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "isotherm-"));
  for (const id of stations) {
    const path = join(folder, "noaa", `access/by-year/2020/psv/GHCNh_${id}_2020.psv`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      psv(
        id,
        routineRows(Date.UTC(2020, 0, 1), hours, (hour) => 10 + 5 * Math.sin(hour / 4)),
      ),
    );
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the child on `home`; kills it, without a chance to tidy up, so many milliseconds after it has the store. */
async function fetchInChild(home: string, killAfterMs?: number): Promise<string> {
  const args = ["--import", "tsx", child, home, join(folder, "noaa"), "2020-06-01", ...stations];
  const process_ = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let timer: NodeJS.Timeout | undefined;
  process_.stdout.on("data", (chunk) => {
    output += chunk;
    if (killAfterMs !== undefined) timer ??= setTimeout(() => process_.kill("SIGKILL"), killAfterMs);
  });
  await once(process_, "close");
  clearTimeout(timer);
  return output;
}

async function contentOf(home: string) {
  const store = await openStore(home, { readOnly: true });
  const content = {
    hours: await store.all("SELECT * FROM hours ORDER BY ALL"),
    reports: await store.all("SELECT * FROM reports ORDER BY ALL"),
    files: await store.all("SELECT * FROM files ORDER BY ALL"),
    quarantine: await store.all("SELECT * FROM quarantine ORDER BY ALL"),
  };
  store.close();
  return content;
}

describe("a run that is killed", () => {
  it("loses at most the file under way, which the next run makes good", async () => {
    const [clean, killed] = [join(folder, "clean"), join(folder, "killed")];
    expect(await fetchInChild(clean)).toBe("opened\ndone\n");
    const wanted = await contentOf(clean);
    expect(wanted.hours).toHaveLength(stations.length * hours * 2);

    for (const delay of [80, 200, 320]) {
      const output = await fetchInChild(killed, delay);
      if (delay === 80) expect(output).toBe("opened\n");
      // Whole files or nothing of them.
      const { hours: some, files } = await contentOf(killed);
      expect(some).toHaveLength(files.length * hours * 2);
    }
    expect(await fetchInChild(killed)).toBe("opened\ndone\n");
    expect(await contentOf(killed)).toEqual(wanted);
  });
});
