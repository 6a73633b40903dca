import { join } from "node:path";
import { openStore, type Store } from "../../src/data/store/store.js";
import { maxLeadHours } from "../../src/model/vocabulary.js";
import { trainStations } from "../../src/pipeline/train/train.js";
import { trainedStations, verifyStations } from "../../src/pipeline/verify/verify.js";
import type { Config } from "../../src/shared/config.js";
import { learned } from "./training.js";

/** What two soaks of the same hours left; every list of rows is to be empty. */
export interface SoakFindings {
  /** Hours known, and those known otherwise by the other, or not at all. */
  hours: number;
  hoursOtherwise: object[];
  /** Rows of any table that are there twice. */
  duplicates: object[];
  /** Rows of NOAA's files that the other does not have, or has otherwise. */
  reportsOtherwise: object[];
  /** What was saved of guidance that is not what the service said. */
  guidanceOtherwise: object[];
  /** By station, the first hour of which not the same was learned, or guidance seen, ISO 8601: it came late. */
  learnedOtherwise: Record<string, string>;
  /** Issues and named states of both up to those hours, and those that differ. */
  issues: number;
  issuesOtherwise: object[];
  states: number;
  statesOtherwise: object[];
  /** Tables of which another training on the same hours, at once and in peace, leaves others rows, by station. */
  scoresOtherwise: Record<string, string[]>;
  /** Hours that came too late to be learned, by station. */
  late: Record<string, number>;
  /** Of a replay of all that was learned under faults. */
  verified: { id: string; issues: number; forecasts: number; entries: number; difference: unknown }[];
}

const keys = {
  hours: "stationId, validTime, variable",
  reports: "stationId, source, reportTime, reportType",
  issues: "stationId, issuedTime",
  forecasts: "stationId, issuedTime, leadHours, variable",
  guidanceRuns: "source, stationId, issuedTime",
  guidance: "source, stationId, issuedTime, leadHours",
  ledger: "stationId, entry",
  scores: "stationId, variable, model, leadHours, month",
  liveScores: "stationId, variable, model, pairedWith, leadHours, month",
  liveExtremeScores: "stationId, kind, windowNumber, month, modelVersion",
  requestsSaved: "runId, source, stationId",
};

/** Compares bit by bit, wherever the same data came through in time. */
export async function soakFindings(clean: Config, faulty: Config): Promise<SoakFindings> {
  const store = await openStore(faulty.home, { readOnly: true });
  try {
    await store.run(`ATTACH '${join(clean.home, "isotherm.duckdb")}' AS clean (READ_ONLY)`);
    const learned = (catalog: string) =>
      `SELECT stationId, validTime, variable, firstValue FROM ${catalog}hours WHERE learned`;
    // A run that is seen again adds hours that are further ahead than the model looks.
    const seen = (catalog: string) =>
      `SELECT stationId, issuedTime, leadHours, temperatureC, dewPointC FROM ${catalog}guidance
       WHERE leadHours <= ${maxLeadHours}`;
    await store.run(
      `CREATE TEMP TABLE differing AS SELECT stationId, min(time) AS time FROM (
         SELECT stationId, validTime AS time FROM (${otherwise(learned)})
         UNION ALL SELECT stationId, issuedTime FROM (${otherwise(seen)})
       ) GROUP BY stationId`,
    );
    const learnedOtherwise = await store.all<{ stationId: string; time: number }>(
      "SELECT stationId, epoch_ms(time)::DOUBLE AS time FROM differing ORDER BY stationId",
    );
    const issues = await compared(store, "issues", "issuedTime", "digest");
    // A run names the state that it ends with, and they end at different hours.
    const states = await compared(store, "snapshots", "throughTime", "snapshotId", "JOIN");
    const duplicates: object[] = [];
    for (const [table, key] of Object.entries(keys)) {
      const rows = await store.all(`SELECT ${key}, count(*) AS n FROM ${table} GROUP BY ALL HAVING n > 1`);
      duplicates.push(...rows.map((row) => ({ table, ...row })));
    }
    const known = (catalog: string) => `SELECT stationId, validTime, variable, value FROM ${catalog}hours`;
    const hoursOtherwise = await store.all<object>(`${otherwise(known)} ORDER BY ALL`);
    const rows = (catalog: string) => `SELECT * FROM ${catalog}reports WHERE source = 'ghcnh'`;
    const reportsOtherwise = await store.all<object>(`${otherwise(rows)} ORDER BY ALL`);
    // In peace every change is seen, so that whatever is saved is what one of these says of an hour.
    const said = (catalog: string) =>
      `SELECT stationId, runTime, issuedTime + to_hours(leadHours) AS validTime, temperatureC, dewPointC
       FROM ${catalog}guidanceRuns JOIN ${catalog}guidance USING (source, stationId, issuedTime)`;
    const guidanceOtherwise = await store.all<object>(
      `SELECT DISTINCT f.* FROM (${said("")}) AS f JOIN (${said("clean.")}) AS c USING (stationId, runTime, validTime)
       WHERE f.temperatureC IS DISTINCT FROM c.temperatureC OR f.dewPointC <> c.dewPointC ORDER BY ALL`,
    );
    const [count] = await store.all<{ n: number }>("SELECT count(*) AS n FROM hours");
    const late = await store.all<{ stationId: string; n: number }>(
      "SELECT stationId, count(DISTINCT validTime) AS n FROM corrections WHERE late GROUP BY ALL ORDER BY ALL",
    );
    const trained = await trainedStations(store);
    const verified = await verifyStations(store, faulty, trained);
    return {
      hours: count!.n,
      hoursOtherwise,
      reportsOtherwise,
      guidanceOtherwise,
      duplicates,
      learnedOtherwise: Object.fromEntries(
        learnedOtherwise.map(({ stationId, time }) => [stationId, new Date(time).toISOString()]),
      ),
      issues: issues.n,
      issuesOtherwise: issues.otherwise,
      states: states.n,
      statesOtherwise: states.otherwise,
      scoresOtherwise: await scoresOtherwise(store, faulty, trained),
      late: Object.fromEntries(late.map(({ stationId, n }) => [stationId, n])),
      verified: verified.map(({ id, issues, forecasts, entries, difference, ledgerDifference }) => ({
        id,
        issues,
        forecasts,
        entries,
        difference: difference ?? ledgerDifference,
      })),
    };
  } finally {
    store.close();
  }
}

/** By station the tables of what was learned that differ where all hours learned are learned once more, at once. */
async function scoresOtherwise(store: Store, config: Config, stations: readonly string[]) {
  const home = join(config.home, "anew");
  const anew = await openStore(home);
  const found: Record<string, string[]> = {};
  try {
    for (const [table, rows] of [
      ["stations", "* FROM stations"],
      ["hours", "* REPLACE (false AS learned) FROM hours WHERE learned"],
      ["guidanceRuns", "* FROM guidanceRuns"],
      ["guidance", "* FROM guidance"],
    ] as const) {
      const file = join(home, `${table}.parquet`);
      await store.run(`COPY (SELECT ${rows}) TO '${file}' (FORMAT parquet)`);
      await anew.run(`INSERT INTO ${table} BY NAME FROM read_parquet('${file}')`);
    }
    const [span] = await store.all<{ from: number; through: number }>(
      `SELECT epoch_ms(min(genesisTime))::DOUBLE AS "from", epoch_ms(max(throughTime))::DOUBLE AS through FROM snapshots`,
    );
    await trainStations(anew, { ...config, home, watermarkHours: 0 }, stations, {
      clock: { now: () => span!.through, replaying: true },
      from: span!.from,
    });
    for (const id of stations) {
      const [before, after] = [(await learned(store, id)).tables, (await learned(anew, id)).tables];
      const others = Object.keys(before).filter((name) => before[name]!.digest !== after[name]!.digest);
      if (others.length > 0) found[id] = others;
    }
    return found;
  } finally {
    anew.close();
  }
}

/** What one of the two has and the other has not. */
function otherwise(rowsOf: (catalog: string) => string): string {
  return `SELECT * FROM ((${rowsOf("")}) EXCEPT (${rowsOf("clean.")}))
    UNION ALL SELECT * FROM ((${rowsOf("clean.")}) EXCEPT (${rowsOf("")}))`;
}

/** Rows of a table up to the first hour that was not learned alike. */
async function compared(store: Store, table: string, time: string, value: string, join = "FULL JOIN") {
  const rows = await store.all<{ isAlike: boolean; stationId: string; time: string; there: unknown; here: unknown }>(
    `SELECT stationId, strftime(${time}, '%xT%H') AS time, c.${value} AS there, f.${value} AS here,
       c.${value} IS NOT DISTINCT FROM f.${value} AS isAlike
     FROM clean.${table} AS c ${join} ${table} AS f USING (stationId, ${time}) LEFT JOIN differing AS d USING (stationId)
     WHERE d.time IS NULL OR ${time} < d.time ORDER BY ALL`,
  );
  return { n: rows.length, otherwise: rows.filter(({ isAlike }) => !isAlike) };
}
