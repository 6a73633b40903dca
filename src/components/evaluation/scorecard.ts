import { publishedModel } from "../../model/vocabulary.js";
import type { Scorecard } from "../../shared/published/scorecard.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { dayMs } from "../../shared/time.js";
import { opponentName, scorecardWords } from "../../shared/words/scorecardWords.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html, svg } from "../ui/html.js";
import { dateName, dayName, shortDay, weekday } from "../ui/timeZone.js";
import type { TemperatureUnit } from "../ui/units.js";

/** A scorecard that ends earlier is not of this week, days. */
const currentDays = 2;

/** The last seven complete days against guidance and persistence: a sentence, and who was best on each day. */
export function scorecard(
  { scorecard: week, station, asOf, guidance }: Pick<StationForecast, "scorecard" | "station" | "asOf" | "guidance">,
  { unit = "C" }: { unit?: TemperatureUnit } = {},
): HTMLElement {
  if (!week) return html`<div></div>`;
  const last = week.to - dayMs;
  const when =
    asOf - week.to < currentDays * dayMs
      ? `This week at ${station.key}`
      : `Week to ${dateName(last, "UTC")} at ${station.key}`;
  const isCompared = week.others.some(({ model }) => model !== "persistence");
  const reason =
    guidance.length > 0
      ? "Guidance (forecasts by weather models and services) is compared from its third scored day on."
      : "No guidance (forecasts by weather models and services) is known for this station.";
  return html`<section class="scorecard" aria-label="Weekly scorecard">
    <p><strong>${when}, ${week.leadHours} h ahead:</strong> ${scorecardWords(week, unit)}.
    <span class="muted">Mean absolute error of the temperature, ${shortDay(week.from, "UTC")} to ${shortDay(last, "UTC")}.
    ${isCompared ? "" : reason}</span></p>
    <ol>${week.days.map((day) => dayMark(day, week))}</ol>
  </section>`;
}

/** A day with a full mark if the published forecast was best, otherwise the name and the hollow mark of the best. */
function dayMark({ day, best }: Scorecard["days"][number], { others }: Scorecard): HTMLElement {
  const isOurs = best === publishedModel;
  const other = others.find(({ model }) => model === best);
  const name = other ? opponentName(other) : "isotherm";
  const { colour } = modelStyle(best);
  const mark = svg`<svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
    <circle r="5" fill=${isOurs ? colour : "none"} stroke=${colour} stroke-width="2"></circle></svg>`;
  return html`<li title=${`${dayName(day, "UTC")}: ${name} was best`}>${mark}<span>${weekday(day, "UTC")}</span> <small>${name}</small></li>`;
}
