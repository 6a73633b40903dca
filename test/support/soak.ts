import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { uniform } from "../../src/model/arithmetic/deterministicMath.js";
import type { ExpertName } from "../../src/model/vocabulary.js";
import { type Config, parseConfig } from "../../src/shared/config.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import { liveConfig } from "./liveRun.js";
import {
  changed,
  cutTo,
  dated,
  elsewhere,
  type Fault,
  hangUp,
  silence,
  stall,
  status,
  webPage,
} from "./loopbackNoaa.js";
import { replayedWeather } from "./replayedWeather.js";
import { type ReplayNoaa, startReplay } from "./replayNoaa.js";
import type { SoakAnswer, SoakGiven, SoakTask } from "./soakChild.js";
import { type ServiceName, services, spoiledAnswers } from "./spoiledAnswers.js";

export const soakGenesis = Date.UTC(2026, 4, 1);
/** Files begin with the year, so that most of one is not read again when it has changed. */
const fileStart = Date.UTC(2026, 0, 1);
/** Hours of history before the first update. */
export const headStart = 3 * 24;
/** This station's reports are held back now and then, until the loop has passed their hours. */
export const heldStation = "KORD";

export interface SoakOptions {
  home: string;
  hours: number;
  seed: number;
  icaos?: readonly ("KORD" | "KJFK")[];
  /** Defaults to all. */
  experts?: readonly ExpertName[] | undefined;
  /** Whether anything goes wrong. If not, hours are learned once a day, which makes no difference. */
  isFaulty: boolean;
  /**
   * From this hour on reports are held back, and official forecasts may be missed that have just changed, so that from
   * then on not the same can be learned as in peace; never if absent.
   */
  looseFrom?: number | undefined;
  /** Is told of every hour that has passed. */
  report?: ((hour: number) => void) | undefined;
}

export interface Soaked {
  updates: number;
  killed: number;
  /** Hours without a single update. */
  missedHours: number;
  /** Answers that were spoiled, by how. */
  faults: Record<string, number>;
  requests: number;
  /** Updates that reported that nothing fresh came. */
  withoutNews: number;
  /** What an update that had all services did not survive; empty when all is well. */
  errors: string[];
  /** Requests that asked again for what a finished update had been given, unchanged. */
  repeated: string[];
  /** Hours of `heldStation` whose report was held back, epoch milliseconds. */
  held: number[];
  seconds: number;
}

const notUtf8: Fault = changed((body) => Buffer.from(body.toString().replace("METAR", "METAR \u00fc"), "latin1"));
/** What can happen to any answer, beside what is peculiar to a service. */
const faults: readonly { name: string; fault: Fault }[] = [
  { name: "500", fault: status(500) },
  { name: "503", fault: status(503) },
  { name: "403", fault: status(403) },
  { name: "429", fault: status(429, { "retry-after": "3600" }) },
  { name: "silence", fault: silence },
  { name: "a body that stops", fault: stall },
  { name: "a broken connection", fault: hangUp },
  { name: "a redirect to another host", fault: elsewhere },
  { name: "a web page", fault: webPage },
  { name: "a body cut off", fault: cutTo(0.6) },
  { name: "a gzip cut off", fault: changed((body) => gzipSync(body).subarray(0, 40)) },
  { name: "not UTF-8", fault: notUtf8 },
  { name: "a clock ahead", fault: dated(2 * hourMs) },
  { name: "a clock behind", fault: dated(-2 * hourMs) },
];
const serviceNames = Object.keys(services) as ServiceName[];
/** What fails together: the files, AWC, and what api.weather.gov has. */
const hosts: readonly RegExp[] = [/\.psv$/, /metar/, /observations|points/];
/** Whether the official forecast has just changed, so that it is seen an hour later when it is not seen now. */
const hasNewForecast = (time: number) => time % (6 * hourMs) < hourMs;

/**
 * Hour after hour of updates by a process of its own, against a replay of NOAA; with `isFaulty` the services fail by
 * chance, one or all of them are dead, this machine's clock is off, and the process is killed and started again. All
 * chance is of the seed, but for the moment at which a kill meets the process. No more than two hours in a row fail, so
 * that all reports come within the watermark, except those that are held back.
 */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { home, hours, seed, icaos = ["KORD", "KJFK"], experts, isFaulty, looseFrom = Infinity, report } = options;
  const began = performance.now();
  const chance = uniform(seed);
  const from = soakGenesis + headStart * hourMs;
  const stations = icaos.map((icao) => replayedWeather(icao, fileStart, (from - fileStart) / hourMs + hours + 2));
  const noaa = await startReplay(stations, from);
  const child = childOf(home, noaa, { icaos, experts });
  const told: Soaked = {
    updates: 0,
    killed: 0,
    missedHours: 0,
    faults: {},
    requests: 0,
    withoutNews: 0,
    seconds: 0,
    errors: [],
    repeated: [],
    held: [],
  };
  const finished = new Map<string, Set<string>>();
  let logged = 0;
  let isHeld = new Set<number>();
  /** What an update takes, but for the first, which has much more to learn: kills are to meet one under way. */
  let usualMs: number | null = null;

  const count = (fault: string) => {
    told.faults[fault] = (told.faults[fault] ?? 0) + 1;
  };
  /** What the services do to their answers during an update. */
  const chosen = new Map<string, { name: string; fault: Fault }>();
  const faultOf = (path: string, chanceOfFault: () => number): Fault => {
    const service = serviceNames.find((name) => services[name](path)) ?? "points";
    const own = spoiledAnswers.filter((spoiled) => spoiled.service === service);
    const all = [...faults, ...own.map(({ name, fault }) => ({ name: `${service}: ${name}`, fault }))];
    const { name, fault } = chosen.get(service) ?? all[Math.floor(chanceOfFault() * all.length)]!;
    chosen.set(service, { name, fault });
    count(name);
    return (request, response, body) => {
      // What is not there can't be spoiled.
      if (body === null) response.writeHead(404).end();
      else fault(request, response, body);
    };
  };
  /** Counts what was asked since the last call. */
  const settle = (isFinished: boolean, isClockOff: boolean) => {
    const since = noaa.log.slice(logged);
    logged = noaa.log.length;
    const given: string[] = [];
    for (const { path, range, etag, status, isFault } of since) {
      // After another version of a forecast, be it a spoiled one, the one before is news again; so it is after one that
      // this machine's clock made one of the future.
      if (services.official(path) && (isFault || isClockOff)) finished.delete(path);
      const isWatched = path.endsWith(".psv") || (services.official(path) && !isClockOff);
      if (!isWatched || isFault || (status !== 200 && status !== 206)) continue;
      const version = `${range ?? ""} ${etag}`;
      if (finished.get(path)?.has(version)) told.repeated.push(`${path} ${version}`);
      given.push(`${path}\n${version}`);
    }
    for (const [path, version] of isFinished ? given.map((name) => name.split("\n") as [string, string]) : []) {
      finished.set(path, (finished.get(path) ?? new Set()).add(version));
    }
    told.requests += since.length;
  };
  const updateAt = async (
    task: SoakTask,
    { broken = [], dead = [], aheadMs = 0, killAfterMs }: Mishaps = {},
  ): Promise<SoakAnswer | "killed"> => {
    const { now } = task;
    noaa.now = now;
    chosen.clear();
    // For each update its own, as the moment of a kill decides how many chances the one before has had.
    const chanceOfFault = uniform(seed + now / minuteMs);
    noaa.fault = (path) => {
      if (services.official(path) && hasNewForecast(now) && now < from + looseFrom * hourMs) return undefined;
      if (broken.some((host) => host.test(path)) && chanceOfFault() < 0.8) return faultOf(path, chanceOfFault);
      return isHeld.size > 0 && !path.endsWith(".psv") ? withoutReports(isHeld) : undefined;
    };
    await noaa.refuse(dead.map((host) => noaa.hosts[hosts.indexOf(host)]!));
    for (const _ of dead) count("a dead host");
    if (aheadMs !== 0) count(`this machine's clock ${aheadMs < 0 ? "behind" : "ahead"}`);
    const start = performance.now();
    const answer = await child.update({ ...task, now: now + aheadMs }, killAfterMs);
    told.updates++;
    if (answer === "killed") told.killed++;
    else {
      if (told.updates > 1 && task.stages !== "fetch") usualMs = performance.now() - start;
      if (answer.problem !== null && !answer.isError) told.withoutNews++;
      const isAtPeace = broken.length + dead.length === 0;
      if (answer.isError || (answer.problem !== null && isAtPeace)) {
        told.errors.push(`${new Date(now).toISOString()}: ${answer.problem}`);
      }
    }
    settle(answer !== "killed", aheadMs !== 0);
    return answer;
  };

  try {
    await updateAt({ now: from + 7 * minuteMs, stages: "all" });
    let badHours = 0;
    for (let hour = 1; hour <= hours; hour++) {
      const now = from + hour * hourMs + Math.floor(chance() * 45) * minuteMs;
      const asOfHour = noaa.log.length;
      const [isBad, isMissed, isKilled, isTwice] = [chance() < 0.5, chance() < 0.1, chance() < 0.12, chance() < 0.3];
      const broken = hosts.filter(() => chance() < 0.5);
      const [killAfter, isLetBe, isHoldBegun] = [chance(), chance() < 0.3, chance() < 0.15];
      const [isDead, isClockOff, ahead] = [chance() < 0.25, chance() < 0.2, chance()];
      const isLoose = hour >= looseFrom;
      if (isFaulty && isLoose && hour < hours - 60 && isHeld.size === 0 && isHoldBegun) {
        // The one whose report the next update is the first to ask for.
        isHeld = new Set([from + (hour + 1) * hourMs]);
        told.held.push(...isHeld);
      }
      // Let go once the loop has passed it.
      if ([...isHeld].every((time) => now > time + 6 * hourMs)) isHeld = new Set();
      // All is well in the last hour, so that both end with the same.
      const mayFail = isFaulty && badHours < 2 && hour < hours;
      const mustSeeForecast = hasNewForecast(now) && !isLoose;
      // What has been asked for in an hour, by this machine's clock, is not asked for again.
      const isForecastNear = mustSeeForecast || (hasNewForecast(now + hourMs) && !isLoose);
      if (mayFail && isMissed && !mustSeeForecast) {
        told.missedHours++;
        badHours++;
        continue;
      }
      const stages = hour === hours || (isFaulty && (isKilled || hour % 4 === 0)) ? "all" : "learn";
      const task: SoakTask = { now, stages: isFaulty || hour % 24 === 0 || hour === hours ? stages : "fetch" };
      const mishaps: Mishaps =
        mayFail && isBad
          ? {
              broken: isDead ? [] : broken,
              dead: isDead ? broken.filter((host) => host !== hosts[2] || !mustSeeForecast) : [],
              aheadMs: isClockOff && !isForecastNear ? Math.round((ahead - 0.5) * 80) * minuteMs : 0,
            }
          : {};
      const killAfterMs = isFaulty && isKilled ? killAfter * (usualMs ?? 500) : undefined;
      const isDone = (await updateAt(task, { ...mishaps, killAfterMs })) !== "killed";
      let isGood = isDone && !(mayFail && isBad);
      if (!isDone && !(mayFail && isLetBe && !mustSeeForecast)) {
        await updateAt({ now: now + 4 * minuteMs, stages });
        isGood = true;
      }
      badHours = isGood ? 0 : badHours + 1;
      if (isTwice && isGood && isHeld.size === 0) {
        // The second slot of an hour: nothing is left to ask for, but whether a file has changed that is due only now.
        const before = noaa.log.length;
        await updateAt({ now: now + 6 * minuteMs, stages: "fetch" });
        const inHour = new Set(noaa.log.slice(asOfHour, before).map(({ path }) => path));
        const isNews = (path: string) => path.endsWith(".psv") && !inHour.has(path);
        const asked = noaa.log.slice(before).flatMap(({ path }) => (isNews(path) ? [] : [path]));
        told.repeated.push(...asked.map((path) => `${path}, within the hour`));
      }
      report?.(hour);
    }
  } finally {
    await child.stop();
    await noaa.close();
  }
  told.seconds = Math.round((performance.now() - began) / 1000);
  return told;
}

/** What goes wrong with one update. */
interface Mishaps {
  /** Hosts that spoil most of their answers. */
  broken?: readonly RegExp[];
  /** Hosts that refuse connections. */
  dead?: readonly RegExp[];
  /** How far this machine's clock is ahead of the services'. */
  aheadMs?: number;
  killAfterMs?: number | undefined;
}

/** The configuration that a soak left its store with; its sources are gone. */
export function soakConfig(home: string, experts?: readonly ExpertName[]): Config {
  const bases = [home];
  const config = parseConfig({
    home,
    stations: [{ id: "USW00094846", icao: "KORD" }],
    sources: { ghcnh: bases, isd: bases, awc: bases, nws: bases },
  });
  return { ...config, model: { ...config.model, ...(experts && { experts }) } };
}

/** Leaves reports of these hours out of the live services' answers. */
function withoutReports(held: ReadonlySet<number>): Fault {
  const isHeld = (time: number) => held.has(Math.round(time / hourMs) * hourMs);
  return (request, response, body) => {
    if (body === null || !/metar|observations/.test(request.url!)) {
      response.writeHead(body === null ? 404 : 200).end(body ?? "");
      return;
    }
    const reply = JSON.parse(body.toString());
    const kept = Array.isArray(reply)
      ? reply.filter(({ icaoId, obsTime }) => icaoId !== heldStation || !isHeld(obsTime * 1000))
      : {
          ...reply,
          features: reply.features.filter(
            ({ properties }: { properties: { timestamp: string } }) =>
              !request.url!.includes(heldStation) || !isHeld(Date.parse(properties.timestamp)),
          ),
        };
    response.writeHead(200).end(JSON.stringify(kept));
  };
}

interface SoakChild {
  /** Lets it update, and kills it so many milliseconds later if it has not ended by then. */
  update(task: SoakTask, killAfterMs?: number): Promise<SoakAnswer | "killed">;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("soakChild.ts", import.meta.url));

/** A process that updates when told, started when it is needed and not there. */
function childOf(
  home: string,
  noaa: ReplayNoaa,
  { icaos, experts }: { icaos: readonly string[]; experts: readonly ExpertName[] | undefined },
): SoakChild {
  let child: { process: ChildProcess; ended: Promise<"killed"> } | null = null;
  const started = async () => {
    if (child) return child;
    const { sources } = liveConfig(home, noaa);
    const given: SoakGiven = { sources, experts };
    const args = ["--import", "tsx", program, JSON.stringify(given), home, String(soakGenesis), ...icaos];
    const started = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child = { process: started, ended: once(started, "exit").then(() => "killed" as const) };
    await once(started, "message");
    return child;
  };
  return {
    async update(task, killAfterMs) {
      const { process, ended } = await started();
      const answered = new Promise<SoakAnswer>((resolve) => process.once("message", resolve));
      process.send(task);
      const killed = killAfterMs === undefined ? [] : [delay(killAfterMs, null)];
      const answer = await Promise.race([answered, ended, ...killed]);
      if (answer === "killed") throw new Error("the process that updates ended by itself");
      if (answer !== null) return answer;
      process.kill("SIGKILL");
      child = null;
      return ended;
    },
    async stop() {
      child?.process.kill();
      await child?.ended;
    },
  };
}
