import "./oneThread.js";
import type { ExpertName } from "../../src/model/vocabulary.js";
import { type Run, withRun } from "../../src/pipeline/run.js";
import { fetchObservations, type Problem, train, update } from "../../src/pipeline/update.js";
import { type Config, parseConfig } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { impatientWaits } from "./liveRun.js";

/** Updates at each time that its parent sends, and answers how it went; a process of its own, to be killed. */
const [given, home, genesis, ...station] = process.argv.slice(2) as [string, string, string, ...string[]];
const { sources, experts } = JSON.parse(given) as SoakGiven;
const config = parseConfig({ home, stations: [{ id: "USW00094846", icao: "KORD" }], sources });

export interface SoakGiven {
  sources: Config["sources"];
  /** Defaults to all. */
  experts?: readonly ExpertName[] | undefined;
}

export interface SoakAnswer {
  /** Why nothing fresh came, or what the update failed with; null when all was well. */
  problem: string | null;
  isError: boolean;
}

export interface SoakTask {
  /** Epoch milliseconds. */
  now: number;
  /** How far the update goes: all the way, without publishing, or only to fetch. */
  stages: "all" | "learn" | "fetch";
}

const history = { station, from: Number(genesis) };

async function work(run: Run, stages: SoakTask["stages"]): Promise<Problem | null> {
  if (stages === "all") return update(run, { simulate: false, ...history });
  const problem = await fetchObservations(run, history);
  if (stages === "learn") await train(run, history);
  return problem;
}

process.on("message", ({ now, stages }: SoakTask) => {
  const answer = (told: SoakAnswer) => process.send!(told);
  withRun({ command: "update", report: silentReport }, (run) => work(run, stages), {
    config: { ...config, model: { ...config.model, ...(experts && { experts }) } },
    clock: { now: () => now, replaying: false },
    http: { ...impatientWaits, answerTimeoutMs: 8000 },
  }).then(
    (problem) => answer({ problem, isError: false }),
    (error: Error) => answer({ problem: error.stack ?? error.message, isError: true }),
  );
});
process.send!("ready");
