import { expect, it } from "vitest";
import { publishForecasts } from "../../../src/pipeline/update.js";
import { parseConfig } from "../../../src/shared/config.js";
import { silentReport } from "../../../src/shared/progress.js";
import { dayMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const temporary = useTemporaryStore();
const now = Date.UTC(2026, 2, 9, 18);

it("publishing deletes old rows that merged shards bring back", async () => {
  const { home, store } = temporary;
  const config = parseConfig({
    home,
    stations: [{ id: "USW00094846", icao: "KORD" }],
    sources: { ghcnh: ["a"], isd: ["a"], awc: ["a"], nws: ["a"] },
  });
  const request = (url: string, days: number) => ["a run", "awc", url, "fetched", 0, 0, now - days * dayMs];
  await store.append(
    "requests",
    ["runId", "source", "url", "outcome", "bytes", "seconds", "requestedTime"],
    [request("old", 61), request("new", 59)],
  );
  await store.append(
    "runs",
    ["runId", "command", "startedTime", "asOf", "outcome"],
    [
      ["old", "update", now - 61 * dayMs, now - 61 * dayMs, "succeeded"],
      ["new", "update", now - 59 * dayMs, now - 59 * dayMs, "succeeded"],
    ],
  );
  await store.append(
    "requestsSaved",
    ["runId", "source", "saved"],
    [
      ["old", "awc", 1],
      ["new", "awc", 1],
    ],
  );
  const failure = (file: string, check: string, stationId: string | null, days: number) => [
    stationId,
    "awc",
    file,
    "file",
    check,
    "error",
    now - days * dayMs,
  ];
  await store.append(
    "quarantine",
    ["stationId", "source", "file", "schema", "check", "severity", "seenTime"],
    [
      failure("an old reply", "file", "USW00094846", 8),
      failure("of no station", "station", null, 8),
      failure("a new reply", "file", null, 6),
      failure("an old report", "range", "USW00094846", 8),
    ],
  );
  const clock = { now: () => now, replaying: false };
  await publishForecasts({ runId: "another", config, clock, store, report: silentReport });
  expect(await store.all("SELECT url FROM requests")).toEqual([{ url: "new" }]);
  expect(await store.all("SELECT runId FROM requestsSaved")).toEqual([{ runId: "new" }]);
  expect(await store.all("SELECT file FROM quarantine ORDER BY file")).toEqual([
    { file: "a new reply" },
    { file: "an old report" },
  ]);
});
