import { alarmEvidence, alarmPhrases } from "../../shared/alarmCause.js";
import type { Scorecard, StationEvening } from "../../shared/published/scorecard.js";
import type { AlarmRow } from "../../shared/published/scoreTables.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs } from "../../shared/time.js";
import { eveningModelName, eveningName, nearestOf, saidBy, tallyWords } from "../../shared/words/evenings.js";
import { bestDays, scorecardWords } from "../../shared/words/scorecardWords.js";
import type { Published } from "./openPublished.js";
import { newestEvenings } from "./stationForecast.js";
import { completeUntil, readScorecards } from "./weeklyScorecard.js";

/** Most alarms in the feed, and most scorecards. */
const length = 100;
/** Weeks of scorecards in the feed. */
const weeksListed = 4;
const weekMs = 7 * dayMs;

interface FeedItem {
  id: string;
  title: string;
  content_text: string;
  date_published: string;
  tags: string[];
}

/**
 * `/feed.json`, a JSON Feed 1.1, newest first, of three things: drift alarms, hours at which a station's forecasts, one hour or
 * a day ahead, were found to be shifted to one side; each station's scorecard of every complete week; and its newest night,
 * as it was forecast in the evening and as it came.
 */
export async function stationFeed(published: Published, stations: readonly StationSummary[]) {
  const alarms = await published.query<AlarmRow>(
    `SELECT * FROM alarms ORDER BY time DESC, stationId, variable LIMIT ${length}`,
  );
  const byId = new Map(stations.map((station) => [station.stationId, station]));
  const simulated = published.manifest.simulated ? "Simulated weather. " : "";
  const items = [
    ...alarms.map((alarm) => alarmItem(alarm, byId.get(alarm.stationId)!, simulated)),
    ...(await scorecardItems(published, stations, simulated)),
    ...(await nightItems(published, stations, simulated)),
  ];
  return {
    version: "https://jsonfeed.org/version/1.1",
    title: "isotherm: alarms, weekly scorecards and last night",
    description:
      "Hours at which a station's forecasts one hour or a day ahead were found to be shifted to one side, and each week's errors of every station's forecasts, compared with guidance and persistence; and last night's low as it was forecast in the evening and as it came.",
    language: "en",
    items: items.sort((a, b) => Date.parse(b.date_published) - Date.parse(a.date_published)),
  };
}

function alarmItem(
  { stationId, variable, time, side, cause, ...change }: AlarmRow,
  { key, name }: StationSummary,
  simulated: string,
): FeedItem {
  const quantity = variable === "temperature" ? "temperature" : "dew point";
  const when = new Date(time).toISOString();
  return {
    id: `urn:isotherm:alarm:${stationId}:${variable}:${when}`,
    title: `${key}: ${quantity} ${side}`,
    content_text: `${simulated}At ${name} (${key}) the ${quantity} forecasts one hour or a day ahead were found to be shifted: ${side}; ${alarmPhrases[cause]}. ${alarmEvidence(change)}.`,
    date_published: when,
    tags: [key, variable],
  };
}

/** The scorecards of the last complete weeks, from Monday to Sunday (UTC), newest first. */
async function scorecardItems(
  published: Published,
  stations: readonly StationSummary[],
  simulated: string,
): Promise<FeedItem[]> {
  const scorecard = await readScorecards(published, stations, weeksListed);
  const newest = Math.max(0, ...stations.map((station) => mondayBefore(completeUntil(station))));
  const items: FeedItem[] = [];
  for (let end = newest; end > newest - weeksListed * weekMs; end -= weekMs) {
    for (const station of stations) {
      const week = completeUntil(station) < end ? null : scorecard(station, end);
      if (week && items.length < length) items.push(scorecardItem(week, station, simulated));
    }
  }
  return items;
}

function scorecardItem(week: Scorecard, { stationId, key, name }: StationSummary, simulated: string): FeedItem {
  const id = isoWeek(week.from);
  const sunday = new Date(week.to - dayMs).toISOString().slice(0, 10);
  return {
    id: `urn:isotherm:scorecard:${stationId}:${id}`,
    title: `${key}, week to ${sunday}: best on ${bestDays(week)} of ${week.days.length} days`,
    content_text: `${simulated}Week to ${sunday} at ${name} (${key}), ${week.leadHours} h ahead: ${scorecardWords(week)}.`,
    date_published: new Date(week.to).toISOString(),
    tags: [key, "scorecard"],
  };
}

/** The newest night of each station that has ended: the low, what was forecast, and who was nearest how often. */
async function nightItems(
  published: Published,
  stations: readonly StationSummary[],
  simulated: string,
): Promise<FeedItem[]> {
  const evenings = await newestEvenings(published, stations);
  return stations.flatMap((station) => {
    const night = evenings(station).find(({ kind, truthC }) => kind === "low" && truthC !== null);
    return night ? [nightItem(night, station, simulated)] : [];
  });
}

function nightItem(
  row: StationEvening,
  { stationId, key, name, timeZone }: StationSummary,
  simulated: string,
): FeedItem {
  const evening = eveningName(row.issuedTime, timeZone);
  const celsius = (value: number | null) => (value === null ? "–" : value.toFixed(1));
  const said = saidBy(row).map(({ model, valueC }) => `${eveningModelName(model)} ${celsius(valueC)}`);
  const tally = row.tally[row.live ? "live" : "replayed"]!;
  return {
    id: `urn:isotherm:night:${stationId}:${evening}`,
    title: `${key}, night of ${evening}: low ${celsius(row.truthC)} °C, forecast ${celsius(row.p50)}`,
    content_text: `${simulated}At ${name} (${key}) the low of the night was ${celsius(row.truthC)} °C. In the evening of ${evening}: ${said.join(", ")} (80 %: ${celsius(row.p10)} to ${celsius(row.p90)}${row.live ? "" : "; replayed or late"}). Nearest: ${eveningModelName(nearestOf(row)!)}. Last ${tally.n} nights: ${tallyWords(tally)}.`,
    date_published: new Date(row.endTime).toISOString(),
    tags: [key, "night"],
  };
}

/** 1 January 1970 was a Thursday. */
const firstMonday = 4 * dayMs;

function mondayBefore(time: number): number {
  return Math.floor((time - firstMonday) / weekMs) * weekMs + firstMonday;
}

/** "2025-W35": the year of an ISO week is that of its Thursday. */
function isoWeek(monday: number): string {
  const year = new Date(monday + 3 * dayMs).getUTCFullYear();
  // The fourth of January is always in the first week.
  const first = mondayBefore(Date.UTC(year, 0, 4));
  return `${year}-W${String((monday - first) / weekMs + 1).padStart(2, "0")}`;
}
