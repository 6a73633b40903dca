import type { EveningModel } from "../../model/vocabulary.js";
import { publishedModel } from "../../model/vocabulary.js";
import { type EveningForecastRow, eveningModelName, saidBy } from "../../shared/words/evenings.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html, svg } from "../ui/html.js";
import { formatTemperature, type TemperatureUnit } from "../ui/units.js";

const [barTop, barHeight] = [24, 16];
const barEnd = barTop + barHeight;
/** From the bar to the first row of labels, and from one row to the next. */
const [leader, rowHeight] = [14, 17];
/** Width of a letter, and how much wider a capital is, pixels: estimates, because nothing is laid out when a site is built. */
const [letter, capital] = [6.5, 3];
const gap = 8;
const margin = 8;

interface Mark {
  model: EveningModel;
  x: number;
  text: string;
}

/**
 * A forecast's 50, 80 and 95 % intervals with its median, what others said below them and what came above.
 * @param width pixels
 */
export function eveningBar(
  row: EveningForecastRow,
  { unit, width }: { unit: TemperatureUnit; width: number },
): HTMLElement {
  const said = saidBy(row);
  const truth = row.truthC;
  const values = [row.p025, row.p975, ...(truth === null ? [] : [truth]), ...said.map(({ valueC }) => valueC)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const inner = width - 2 * margin;
  const x = (celsius: number) => margin + (high > low ? (celsius - low) / (high - low) : 0.5) * inner;
  const number = (celsius: number) => formatTemperature(celsius, unit);
  const marks = said
    .map(({ model, valueC }): Mark => ({ model, x: x(valueC), text: `${eveningModelName(model)} ${number(valueC)}` }))
    .sort((a, b) => a.x - b.x);
  const rows = labelRows(marks, width);
  const labels = rows.flatMap((row, r) => placed(row, width).map((place) => ({ ...place, y: labelY(r) })));
  const band = (from: number, to: number, level: number) =>
    svg`<rect x=${x(from)} y=${barTop} width=${Math.max(1, x(to) - x(from))} height=${barHeight} fill=${`var(--band-${level})`}></rect>`;
  const words = [
    `95 % interval ${number(row.p025)} to ${number(row.p975)} °${unit}, 80 % ${number(row.p10)} to ${number(row.p90)}`,
    ...marks.map(({ text }) => text),
    truth === null ? "not observed yet" : `observed ${number(truth)}`,
  ];
  const drawing = svg`<svg viewBox=${`0 0 ${width} ${labelY(rows.length - 1) + 5}`} width=${width}>
    <line x2=${width} y1=${barTop + barHeight / 2} y2=${barTop + barHeight / 2} stroke="var(--chart-grid)"></line>
    ${band(row.p025, row.p975, 95)}${band(row.p10, row.p90, 80)}${band(row.p25, row.p75, 50)}
    ${labels.map(leaderLine)}${marks.map(modelMark)}${labels.map(labelText)}
    ${truth === null ? null : truthMark(x(truth), `observed ${number(truth)}`, width)}
  </svg>`;
  return html`<div class="evening-bar" role="img" aria-label=${words.join("; ")}>${drawing}</div>`;
}

type Label = Mark & { left: number; y: number };

function labelY(row: number): number {
  return barEnd + leader + 9 + rowHeight * row;
}

function isOwn({ model }: Mark): boolean {
  return model === publishedModel;
}

function leaderLine(label: Label): SVGElement {
  const middle = label.left + lengthOf(label) / 2;
  const { colour } = modelStyle(label.model);
  return svg`<path d=${`M${label.x},${barEnd}L${middle},${label.y - 11}`} fill="none" stroke=${colour} stroke-width="1.25"></path>`;
}

function modelMark(mark: Mark): SVGElement {
  const { colour } = modelStyle(mark.model);
  return isOwn(mark)
    ? svg`<rect x=${mark.x - 1.5} y=${barTop - 3} width="3" height=${barHeight + 6} fill=${colour}></rect>`
    : svg`<path d=${`M${mark.x - 5},${barEnd + 1}h10l-5,-9z`} fill=${colour} stroke="var(--panel)"></path>`;
}

function labelText(label: Label): SVGElement {
  const { colour } = modelStyle(label.model);
  return svg`<text x=${label.left + lengthOf(label) / 2} y=${label.y} fill=${colour} font-weight=${isOwn(label) ? 700 : 400}>${label.text}</text>`;
}

function truthMark(x: number, text: string, width: number): SVGElement {
  const middle = barTop + barHeight / 2;
  const half = lengthOf({ text }) / 2;
  return svg`<g>
    <path d=${`M${x},${middle - 9}l6,9l-6,9l-6,-9z`} fill="var(--observed)" stroke="var(--panel)" stroke-width="1.5"></path>
    <text x=${Math.max(half, Math.min(width - half, x))} y="12" fill="var(--ink)" font-weight="700">${text}</text>
  </g>`;
}

function lengthOf({ text }: Pick<Mark, "text">): number {
  return text.length * letter + (text.match(/[A-Z]/g)?.length ?? 0) * capital;
}

/** Labels in as few rows as they fit into, each from left to right. */
function labelRows(marks: readonly Mark[], width: number): Mark[][] {
  const rows: Mark[][] = [];
  for (const mark of marks) {
    const row = rows.find((one) => lengthOfRow([...one, mark]) <= width);
    if (row) row.push(mark);
    else rows.push([mark]);
  }
  return rows;
}

/** Places the labels of a row below their marks; where they would overlap, next to each other below the middle of the marks. */
function placed(row: readonly Mark[], width: number): (Mark & { left: number })[] {
  const groups: { marks: Mark[]; left: number; length: number }[] = [];
  for (const mark of row) {
    let marks = [mark];
    let group = groupOf(marks, width);
    for (let before = groups.at(-1); before && before.left + before.length + gap > group.left; before = groups.at(-1)) {
      groups.pop();
      marks = [...before.marks, ...marks];
      group = groupOf(marks, width);
    }
    groups.push(group);
  }
  return groups.flatMap(({ marks, left }) =>
    marks.map((mark, i) => ({ ...mark, left: left + (i === 0 ? 0 : lengthOfRow(marks.slice(0, i)) + gap) })),
  );
}

function groupOf(marks: Mark[], width: number) {
  const length = lengthOfRow(marks);
  const middle = marks.reduce((sum, { x }) => sum + x, 0) / marks.length;
  return { marks, length, left: Math.max(0, Math.min(width - length, middle - length / 2)) };
}

function lengthOfRow(marks: readonly Mark[]): number {
  return marks.reduce((sum, mark) => sum + lengthOf(mark) + gap, -gap);
}
