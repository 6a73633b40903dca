import { fastRate, slowRate } from "../../model/scores/ewmae.js";
import { expertNames } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { dateName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";
import { type HoursDone, replayProgress } from "./replayProgress.js";
import type { ReplaySession } from "./replaySession.js";
import type { ReplaySettings } from "./replaySettings.js";

/**
 * Starts and ends a replay, and says how far it is.
 * @param epsilon the ε of the EWMAE shown: the published model's is stored for two, for others it is replayed too
 */
export function replayControls(session: ReplaySession, settings: ReplaySettings, epsilon: () => number): HTMLElement {
  const start = html`<button type="button" class="primary">Replay</button>` as HTMLButtonElement;
  const cancel = html`<button type="button">Cancel</button>` as HTMLButtonElement;
  const reset = html`<button type="button">As published</button>` as HTMLButtonElement;
  const progress = replayProgress("Hours replayed");
  const outcome = html`<p class="replay-outcome" role="status"></p>`;
  const complaint = html`<p class="complaint" role="alert"></p>`;

  const look = () => {
    let problem = "";
    try {
      settings.options();
    } catch (error) {
      problem = inLabels((error as Error).message);
    }
    complaint.textContent = problem && `Can’t replay: ${problem}.`;
    start.disabled = problem !== "" || session.period === null || session.isRunning;
    reset.disabled = settings.asPublished();
    cancel.disabled = !session.isRunning;
    progress.show(session.own && doneOf(session));
    const said = outcomeOf(session);
    // Said anew only when it is new: a screen reader reads it out.
    if (outcome.textContent !== said.textContent) outcome.replaceChildren(said);
  };
  start.addEventListener("click", () => {
    const besidePublished = ![fastRate, slowRate].includes(epsilon());
    session.start({ options: settings.options(), asPublished: settings.asPublished(), besidePublished });
  });
  cancel.addEventListener("click", () => session.cancel());
  reset.addEventListener("click", () => settings.reset());
  session.addEventListener("change", look);
  for (const input of Object.values(settings.inputs)) input.addEventListener("input", look);
  look();
  return html`<div class="replay-controls"><div>${start}${cancel}${reset}${progress.parts}</div>${complaint}${outcome}</div>`;
}

/** A complaint with the options called as the page calls them. */
function inLabels(message: string): string {
  const labels: Record<string, string> = { delta: "δ", forgetting: "λ" };
  for (const name of expertNames) labels[name] = `“${modelStyle(name).label}”`;
  return message.replaceAll(/\w+/g, (word) => labels[word] ?? word);
}

/** Of the reader's own replay and, where that is replayed too, of the published model's. */
function doneOf({ begun }: ReplaySession): HoursDone {
  const sum = (of: "hours" | "done") => begun.reduce((total, run) => total + run[of], 0);
  return { hours: sum("hours"), done: sum("done") };
}

/** What a replay has come to; before one, what there is to replay. */
function outcomeOf({ own, published, data, period, isSameState, isRunning }: ReplaySession): HTMLElement {
  if (!period) return html`<span>Nothing learned yet.</span>`;
  if (!own) {
    const hours = formatCount((period.lastTime - period.firstTime) / hourMs + 1);
    const [first, last] = [period.firstTime, period.lastTime].map((time) => dateName(time, "UTC"));
    return html`<span>${hours} hours to replay, from ${first} to ${last}.</span>`;
  }
  if (own.problem) return html`<span>The replay failed: ${own.problem}.</span>`;
  if (isRunning) return html`<span>Replaying.</span>`;
  if (own.seconds === null) return html`<span>Cancelled.</span>`;
  const speed = `${formatCount(own.hours)} hours in ${own.seconds.toFixed(1)} s, ${formatCount(Math.round(own.hours / own.seconds))} a second.`;
  if (own.stateDigest === null) return html`<span>${speed}</span>`;
  const verdict =
    own !== published || isSameState === null
      ? null
      : html`<span>This is ${isSameState ? "to the bit the state that" : "not the state that"} snapshot <code>${data.snapshots.at(-1)!.snapshotId}</code> is named after.</span>`;
  return html`<span>${speed} The state it ended in has the digest <code>${own.stateDigest}</code>. ${verdict}</span>`;
}
