import { type EveningModel, publishedModel } from "../../model/vocabulary.js";
import type { EveningTally, StationEvening } from "../../shared/published/scorecard.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { dayMs } from "../../shared/time.js";
import {
  errorOf,
  eveningModelName,
  eveningName,
  isInside,
  nearestOf,
  saidBy,
  tallyWords,
} from "../../shared/words/evenings.js";
import { oddsWords } from "../forecast/forecastSentence.js";
import { type Column, dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { onPlainClick, stationAddress } from "../ui/station.js";
import { clockTime, dateTimeName, dayName, yearName, zoneName } from "../ui/timeZone.js";
import { formatDifference, formatTemperature, type TemperatureUnit } from "../ui/units.js";
import { eveningBar } from "./eveningBar.js";

/** Pixels: the narrowest and the widest bar, and the borders and margins of the card. A hidden page has no width. */
const [leastBar, widestBar, besideBar] = [240, 430, 36];

interface CardOptions {
  unit?: TemperatureUnit;
  /** IANA zone. */
  zone?: string;
  /** Width of the page, pixels. */
  width?: number;
  /** The chosen evening, as `eveningInput` has it; empty for the newest night and day that have ended. */
  evening?: string;
  /** What was forecast on the chosen evening. */
  chosen?: readonly StationEvening[] | null;
  /** Shows an evening on the page. */
  onSelect?: ((evening: string) => void) | undefined;
}

/**
 * What was forecast in the evening for the low of the night and the high of the next day, what came, and who was nearest: of the
 * newest night and day that have ended, or of one evening, whose address stays the same.
 */
export function eveningCard(
  data: Pick<StationForecast, "station" | "asOf" | "evenings">,
  { unit = "C", zone = data.station.timeZone, width = 340, evening = "", chosen = null, onSelect }: CardOptions = {},
): HTMLElement {
  const { station, asOf } = data;
  const shown = evening === "" ? data.evenings : (chosen ?? []);
  if (shown.length === 0) {
    return evening === ""
      ? html`<div></div>`
      : html`<section class="evening" aria-label="Forecast of an evening"><p><strong>No forecast of the ${eveningTitle(evening)}</strong> at ${station.key} is stored. One was issued only if the station reported at 18:00
          standard time.</p></section>`;
  }
  const isReceipt = evening !== "";
  const context = {
    key: station.key,
    timeZone: station.timeZone,
    unit,
    zone,
    asOf,
    isReceipt,
    onSelect,
    barWidth: Math.max(leastBar, Math.min(widestBar, width - besideBar)),
  };
  const name = isReceipt ? evening : eveningName(shown[0]!.issuedTime, station.timeZone);
  return html`<section class="evening" aria-label=${isReceipt ? `Forecast of the ${eveningTitle(evening)}` : "What was forecast, and what came"}>
    ${isReceipt ? html`<p class="evening-title"><strong>The ${eveningTitle(evening)}</strong> at ${station.key}</p>` : null}
    <div class="evening-pair">${shown.map((row) => part(row, context))}</div>
    <p class="evening-links">${copyLink(permanentAddress(station.key, name), eveningTitle(name))}</p>
    <details><summary>Numbers and receipt</summary>${numbers(shown, context)}
      ${shown.filter(({ digest }, i) => digest !== shown[i - 1]?.digest).map((row) => receipt(row, context))}
      <p class="small muted">${rules}</p></details>
  </section>`;
}

interface Context {
  key: string;
  timeZone: string;
  unit: TemperatureUnit;
  zone: string;
  asOf: number;
  isReceipt: boolean;
  barWidth: number;
  onSelect: CardOptions["onSelect"];
}

/** The low or the high: a sentence, a bar and the tally. */
function part(row: StationEvening, context: Context): HTMLElement {
  const { unit, zone, key, timeZone, isReceipt, onSelect } = context;
  const value = (celsius: number) => html`<b>${formatTemperature(celsius, unit)}</b>`;
  const number = (celsius: number) => formatTemperature(celsius, unit);
  const name = eveningName(row.issuedTime, timeZone);
  const title = windowTitle(row, context);
  const link = html`<a href=${permanentAddress(key, name)} onclick=${onPlainClick(() => onSelect?.(name), onSelect !== undefined)}>${title}</a>`;
  const when = moment(row.issuedTime, zone);
  const nearest = nearestOf(row);
  return html`<div class="evening-part">
    <h2>${isReceipt ? title : link}</h2>
    <p>${row.live ? `On ${when} we said:` : `Made later from what was known on ${when}:`}
      ${row.kind} <strong class="value">${value(row.p50)} °${unit}</strong> (${eighty}: ${number(row.p10)} to ${number(row.p90)})${oddsWords({ ...row, heat: null, heatC: null }, unit)}.
      ${othersWords(row, unit)} ${cameWords(row, context)}
      ${nearest ? html`<strong>Nearest: ${eveningModelName(nearest)}.</strong>` : null}</p>
    ${eveningBar(row, { unit, width: context.barWidth })}
    ${tallyLine(row, "live", "Live")}${tallyLine(row, "replayed", "Replayed or late")}
  </div>`;
}

/** "Sat 30 Aug at 19:00 EDT" */
function moment(time: number, zone: string): string {
  return `${dayName(time, zone)} at ${clockTime(time, zone)} ${zoneName(time, zone)}`;
}

/** Without a line break inside. */
const eighty = "80\u00a0%";

/** "NBM said 1.0, persistence 6.0." */
function othersWords(row: StationEvening, unit: TemperatureUnit): string {
  const others = saidBy(row).filter(({ model }) => model !== publishedModel);
  const said = others.map(({ model, valueC }, i) => {
    const name = eveningModelName(model);
    return `${i === 0 ? `${name[0]!.toUpperCase()}${name.slice(1)} said` : name} ${formatTemperature(valueC, unit)}`;
  });
  return said.length > 0 ? `${said.join(", ")}.` : "";
}

/** "It was 2.4, inside our range." */
function cameWords(row: StationEvening, { unit, zone }: Context): unknown {
  const window = row.kind === "low" ? "night" : "day";
  if (row.hoursMissing === null)
    return html`<em>The ${window} ends on ${moment(row.endTime, zone)}; this fills in once its hours are observed.</em>`;
  if (row.truthC === null) return html`<em>Not decided: ${row.hoursMissing} hours of the ${window} are missing.</em>`;
  const side = isInside(row) ? "inside" : row.truthC < row.p10 ? "below" : "above";
  const froze = row.frost !== null && row.frost >= 0.01 ? (row.truthC < 0 ? "; it froze" : "; it did not freeze") : "";
  return html`<span>It was <strong class="value"><b>${formatTemperature(row.truthC, unit)}</b></strong>, ${side} our range${froze}.</span>`;
}

function tallyLine(row: StationEvening, which: keyof StationEvening["tally"], name: string): HTMLElement | null {
  const tally = row.tally[which];
  if (!tally) return null;
  const noun = row.kind === "low" ? "night" : "day";
  const count = tally.n === 1 ? `1 ${noun}` : `${tally.n} ${noun}s`;
  return html`<p class="small">${name}, last ${count}: ${tallyWords(tally).replace("80 %", eighty)}.</p>`;
}

/** "Last night’s low", "Yesterday’s high", or with the date: "Low of the night to Sun 31 Aug" */
function windowTitle({ kind, endTime }: StationEvening, { asOf, zone, isReceipt }: Context): string {
  const day = (time: number) => dayName(time, zone);
  const year = yearName(endTime, zone) === yearName(asOf, zone) ? "" : ` ${yearName(endTime, zone)}`;
  if (kind === "low")
    return !isReceipt && day(endTime) === day(asOf) ? "Last night’s low" : `Low of the night to ${day(endTime)}${year}`;
  if (!isReceipt && day(endTime) === day(asOf)) return "Today’s high";
  return !isReceipt && day(endTime) === day(asOf - dayMs) ? "Yesterday’s high" : `High of ${day(endTime)}${year}`;
}

/** "evening of Sat 30 Aug 2025" */
function eveningTitle(evening: string): string {
  const noon = Date.parse(`${evening}T12:00Z`);
  return `evening of ${dayName(noon, "UTC")} ${yearName(noon, "UTC")}`;
}

/** The address of an evening's forecast, which stays the same. */
function permanentAddress(key: string, evening: string): string {
  return `${stationAddress(key)}?evening=${evening}#evening`;
}

/** A link and a button that copies it. */
function copyLink(address: string, title: string): HTMLElement {
  const status = html`<span role="status"></span>`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(new URL(address, document.baseURI).href);
      status.textContent = "Copied.";
    } catch {
      status.textContent = "The browser does not allow copying: copy the address of the link.";
    }
  };
  return html`<span><a href=${address}>Permanent link: ${title}</a> <button type="button" onclick=${copy}>Copy link</button> ${status}</span>`;
}

interface NumberRow {
  row: StationEvening;
  title: string;
  name: string;
  valueC: number;
  model: EveningModel | null;
}

function numbers(shown: readonly StationEvening[], context: Context): HTMLElement {
  const { unit } = context;
  const rows = shown.flatMap((row): NumberRow[] => {
    const title = context.isReceipt ? (row.kind === "low" ? "Low" : "High") : windowTitle(row, context);
    const said = saidBy(row).map(({ model, valueC }) => ({ row, title, name: eveningModelName(model), valueC, model }));
    return row.truthC === null ? said : [...said, { row, title, name: "observed", valueC: row.truthC, model: null }];
  });
  const ofTally = (which: "live" | "replayed", name: string): Column<NumberRow>[] => {
    if (shown.every(({ tally }) => tally[which] === null)) return [];
    const cell =
      (text: (one: EveningTally["models"][number]) => string) =>
      ({ row, model }: NumberRow) => {
        const one = row.tally[which]?.models.find((other) => other.model === model);
        return one ? text(one) : "–";
      };
    return [
      numberColumn(
        `Nearest, ${name}`,
        cell(({ nearest, n }) => `${nearest} of ${n}`),
      ),
      numberColumn(
        `Mean error, ${name}, °${unit}`,
        cell(({ maeC }) => formatDifference(maeC, unit, 2)),
      ),
    ];
  };
  return dataTable("Evening forecasts", rows, [
    textColumn("Forecast", ({ title, name }) => `${title}: ${name}`),
    numberColumn(`Value, °${unit}`, ({ valueC }) => formatTemperature(valueC, unit)),
    numberColumn("80 % interval", ({ row, model }) =>
      model === publishedModel ? `${formatTemperature(row.p10, unit)} to ${formatTemperature(row.p90, unit)}` : "–",
    ),
    numberColumn(`Error, °${unit}`, ({ row, model, valueC }) =>
      model === null || row.truthC === null ? "–" : formatDifference(errorOf(valueC, row.truthC), unit),
    ),
    ...ofTally("live", "live"),
    ...ofTally("replayed", "replayed or late"),
  ]);
}

/** How the forecast can be checked. */
function receipt(row: StationEvening, { zone, key }: Context): HTMLElement {
  const files = document.querySelector<HTMLMetaElement>("meta[name=files]")?.content ?? "./";
  const how = row.live ? "live" : "later, so that it does not count as live,";
  const entry =
    row.entry === null
      ? "not in the ledger yet"
      : html`<span>recorded in entry ${row.entry} of ${key} in the <a href=${`${files}api/ledger.json`}>ledger</a></span>`;
  return html`<p class="small">Forecast of ${dateTimeName(row.issuedTime, zone)}, made ${how} at
    ${dateTimeName(row.madeTime, zone)}; digest <code>${row.digest}</code>, ${entry}.</p>`;
}

const rules = `The night is from 18:00 to 09:00 standard time, the day from 09:00 to 21:00. Guidance is the lowest or highest
  of its hourly values that were known at the hour of issue. Persistence is the low of the night before, or the high of the day so
  far. isotherm is nearest only without a tie.`;
