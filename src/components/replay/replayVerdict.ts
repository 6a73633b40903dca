import { columnOf, reportedColumns, reportedIndex, type Variable, variables } from "../../model/vocabulary.js";
import { type DailyLoss, lossDifference } from "../../shared/lossDifference.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { html, whileInPage } from "../ui/html.js";
import { formatCount, formatNumber, formatPercent } from "../ui/units.js";
import type { ReplayedSession } from "./replayChart.js";
import type { Traced } from "./replaySeries.js";

interface VerdictOptions {
  variable: Variable;
  leadHours: number;
}

/**
 * A sentence that compares the reader's settings with the published model, over the hours that both have forecast, with
 * the uncertainty of the difference. Follows the session; empty until both replays have reached the end.
 */
export function replayVerdict(session: ReplayedSession, options: VerdictOptions): HTMLElement {
  const line = html`<p class="replay-verdict" role="status"></p>`;
  const update = () => {
    const { own, published } = session;
    const isOver = own && published && own !== published && [own, published].every(isWhole);
    const text = isOver ? verdictOf(pairedLosses(own, published, options), options) : "";
    if (line.textContent !== text) line.textContent = text;
  };
  update();
  whileInPage(line, session, "change", update);
  return line;
}

function isWhole({ hours, done }: Traced): boolean {
  return hours > 0 && done === hours;
}

/**
 * The errors of both models at the hours at which both have one, by UTC day.
 * @returns losses of the reader's model, with the published as the baseline
 */
export function pairedLosses(own: Traced, published: Traced, { variable, leadHours }: VerdictOptions): DailyLoss[] {
  const column = reportedIndex[columnOf(variables.indexOf(variable), leadHours)]!;
  const days = new Map<number, { n: number; own: number; published: number }>();
  for (let hour = 0; hour < Math.min(own.done, published.done); hour++) {
    const [ownError, publishedError] = [own, published].map(
      ({ errors }) => errors[hour * reportedColumns.length + column]!,
    ) as [number, number];
    if (Number.isNaN(ownError) || Number.isNaN(publishedError)) continue;
    const day = Math.floor((own.request.firstTime + hour * hourMs) / dayMs) * dayMs;
    const sums = days.get(day) ?? { n: 0, own: 0, published: 0 };
    days.set(day, { n: sums.n + 1, own: sums.own + ownError, published: sums.published + publishedError });
  }
  return [...days].map(([day, { n, own, published }]) => ({ day, n, mae: own / n, baselineMae: published / n }));
}

function verdictOf(losses: readonly DailyLoss[], { leadHours }: VerdictOptions): string {
  const difference = lossDifference(losses, leadHours);
  if (!difference) return "Too few days are scored to compare your settings with the published ones.";
  const { skill, skillLow, skillHigh, n, days } = difference;
  const hours = `over the same ${formatCount(n)} hours of ${formatCount(days)} days`;
  const half = (skillHigh - skillLow) / 2;
  if (half === 0 && skill === 0) return `Your settings: no difference ${leadHours} h ahead, ${hours}.`;
  const digits = half < 0.01 ? 1 : 0;
  const size = formatPercent(Math.abs(skill), digits);
  const isNone = Number.parseFloat(size) === 0;
  const result = isNone ? "as good as the published" : `${size} ${skill > 0 ? "better" : "worse"}`;
  const chance = !isNone && Math.abs(skill) <= half ? " That may be chance." : "";
  return `Your settings: ${result} ${leadHours} h ahead, ±${formatNumber(half * 100, digits)}${isNone ? "\u00a0%" : ""}.${chance} This compares the mean absolute error with that of the published settings, ${hours}; ± is the 95 % interval.`;
}
