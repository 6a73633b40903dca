import { type ExtremeKind, extremeKinds } from "../../model/extremes/windows.js";
import type { Variable } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { dayMs } from "../../shared/time.js";
import { type Column, foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, whileInPage } from "../ui/html.js";
import type { ValueElement } from "../ui/inputs.js";
import { clockTime, dayName } from "../ui/timeZone.js";
import { formatCount, formatNumber, formatPercent, type TemperatureUnit } from "../ui/units.js";
import { extremeName } from "./forecastSentence.js";
import type { IssuedForecast } from "./issuedForecast.js";
import { oddsBelow, thresholdName } from "./threshold.js";
import { type PastForecast, recordsByLead, type ThresholdRecord, thresholdRecord } from "./thresholdRecord.js";

interface ThresholdOddsOptions {
  /** A `thresholdInput`. */
  input: ValueElement<string>;
  unit: TemperatureUnit;
  zone: string;
  variable: Variable;
}

/** A record is computed this long after the last move of the threshold, milliseconds. */
const restMs = 150;

/**
 * The odds of values below the threshold: of each night and day, of each hour in a table, and the record of such odds, for which
 * the station's stored forecasts are read. Nothing while the threshold is off.
 * @param data the station as it was when the forecast was issued
 * @param current the station now, with the observations that the stored forecasts are checked with
 */
export function thresholdOdds(
  data: StationForecast,
  forecast: IssuedForecast | null,
  current: StationForecast,
  { input, unit, zone, variable }: ThresholdOddsOptions,
): HTMLElement {
  const place = html`<section class="threshold-odds"></section>`;
  const [odds, table, record] = [html`<div></div>`, html`<div></div>`, html`<div></div>`];
  place.append(odds, record, table);
  let past: Promise<Past> | null = null;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const showRecord = async (thresholdC: number) => {
    past ??= import("./storedForecast.js").then(async ({ pastExtremes, pastForecasts }) => ({
      hours: await pastForecasts(current, variable),
      extremes: variable === "temperature" ? await pastExtremes(current) : null,
    }));
    const found = await past.catch(() => null);
    if (input.value !== String(thresholdC)) return;
    const days = Math.round((current.issuedTime! - current.issues[0]!) / dayMs);
    fill(
      record,
      found === null ? html`<p>The past forecasts could not be read.</p>` : recordParts(found, thresholdC, days),
    );
  };
  const update = () => {
    clearTimeout(resting);
    if (input.value === "" || forecast === null) {
      for (const part of [odds, record, table]) part.replaceChildren();
      return;
    }
    const thresholdC = Number(input.value);
    const name = thresholdName(thresholdC, unit);
    const windows = variable === "temperature" ? data.extremes : [];
    fill(
      odds,
      html`<ul>${windows.map((window) => html`<li>${extremeName(window, data.issuedTime!, zone)} below ${name}: <strong>${percent(oddsBelow(window, thresholdC))}</strong></li>`)}</ul>`,
    );
    fill(
      table,
      foldedTable("Odds of each hour", forecast.hours[variable], [
        textColumn("Hour", ({ validTime }) => `${dayName(validTime, zone)} ${clockTime(validTime, zone)}`),
        numberColumn(`Below ${name}`, (row) => percent(oddsBelow(row, thresholdC))),
      ]),
    );
    if (record.childElementCount === 0) fill(record, html`<p class="muted">Reading past forecasts…</p>`);
    resting = setTimeout(() => showRecord(thresholdC), restMs);
  };
  update();
  whileInPage(place, input, "input", update);
  return place;
}

function percent(odds: number | null): string {
  return odds === null ? "–" : formatPercent(odds);
}

/** Replaces the content of a part; tables that the reader has opened stay open. */
function fill(part: HTMLElement, content: HTMLElement): void {
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  part.replaceChildren(content);
  for (const [i, details] of part.querySelectorAll("details").entries()) details.open = open[i] ?? false;
}

/** Past forecasts of hours, and of lows and highs where the quantity has them. */
interface Past {
  hours: PastForecast[];
  extremes: Record<ExtremeKind, PastForecast[]> | null;
}

function recordParts({ hours, extremes }: Past, thresholdC: number, days: number): HTMLElement {
  const { n, meanOdds, share, brier, tenths } = thresholdRecord(hours, thresholdC);
  if (n === 0) return html`<p>No past forecast can be compared with an observation yet.</p>`;
  const rows = tenths.map((tenth, i) => ({ ...tenth, from: i * 10 })).filter((tenth) => tenth.n > 0);
  return html`<div><p>In the last ${days} days, odds for this threshold averaged <strong>${formatPercent(meanOdds)}</strong> and it
    came <strong>${formatPercent(share)}</strong> of the time (n = ${formatCount(n)} hours; Brier score ${formatNumber(brier, 3)}).</p>
    ${foldedTable("Past odds by tenths", rows, [
      textColumn("Odds", ({ from }) => `${from} to ${from + 10} %`),
      numberColumn("Mean odds", (row) => formatPercent(row.meanOdds)),
      numberColumn("Came", (row) => formatPercent(row.share)),
      numberColumn("Hours", (row) => formatCount(row.n)),
    ])}
    ${foldedTable("Past odds by hours ahead", recordsByLead(hours, thresholdC), [
      textColumn("Hours ahead", ({ fromHours, toHours }) => `${fromHours} to ${toHours}`),
      ...recordColumns("Hours"),
    ])}
    ${
      extremes &&
      foldedTable(
        "Past odds of lows and highs",
        extremeKinds.map((kind) => ({ kind, record: thresholdRecord(extremes[kind], thresholdC) })),
        [
          textColumn("Forecast before it began", ({ kind }) => (kind === "low" ? "low of a night" : "high of a day")),
          ...recordColumns("Forecasts"),
        ],
      )
    }</div>`;
}

function recordColumns(counted: string): Column<{ record: ThresholdRecord }>[] {
  const shown = (record: ThresholdRecord, text: string) => (record.n === 0 ? "–" : text);
  return [
    numberColumn("Mean odds", ({ record }) => shown(record, formatPercent(record.meanOdds))),
    numberColumn("Came", ({ record }) => shown(record, formatPercent(record.share))),
    numberColumn("Brier score", ({ record }) => shown(record, formatNumber(record.brier, 3))),
    numberColumn(counted, ({ record }) => formatCount(record.n)),
  ];
}
