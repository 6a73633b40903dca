import { sum } from "d3";
import { expertNames } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { dateName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";
import { type HoursDone, replayProgress } from "./replayRun.js";
import type { ReplaySession } from "./replaySession.js";
import type { ReplaySettings } from "./replaySettings.js";

/** Buttons and status of a replay. */
export function replayControls(session: ReplaySession, settings: ReplaySettings): HTMLElement {
  const start = html`<button type="button" class="primary">Replay</button>` as HTMLButtonElement;
  const cancel = html`<button type="button">Cancel</button>` as HTMLButtonElement;
  const reset = html`<button type="button">As published</button>` as HTMLButtonElement;
  const progress = replayProgress("Hours replayed");
  const outcome = html`<div class="replay-outcome" role="status"></div>`;
  const problemText = html`<p class="complaint" role="alert"></p>`;

  const update = () => {
    let problem = "";
    try {
      settings.model();
    } catch (error) {
      problem = inLabels((error as Error).message);
    }
    problemText.textContent = problem && `Can’t replay: ${problem}.`;
    start.disabled = problem !== "" || session.period === null || session.isRunning;
    reset.disabled = settings.asPublished();
    cancel.disabled = !session.isRunning;
    progress.show(session.own && progressOf(session));
    const newOutcome = outcomeOf(session);
    // Replaced only if it differs, because screen readers announce every replacement.
    if (outcome.textContent !== newOutcome.textContent) outcome.replaceChildren(newOutcome);
  };
  start.addEventListener("click", () => {
    session.start({ model: settings.model(), asPublished: settings.asPublished() });
  });
  cancel.addEventListener("click", () => session.cancel());
  reset.addEventListener("click", () => settings.reset());
  session.addEventListener("change", update);
  for (const input of Object.values(settings.inputs)) input.addEventListener("input", update);
  update();
  return html`<div class="replay-controls"><div>${start}${cancel}${reset}${progress.parts}</div>${problemText}${outcome}</div>`;
}

/** An error message with the page's labels for the options. */
function inLabels(message: string): string {
  const labels: Record<string, string> = { delta: "δ", forgetting: "λ" };
  for (const name of expertNames) labels[name] = `“${modelStyle(name).label}”`;
  return message.replaceAll(/\w+/g, (word) => labels[word] ?? word);
}

/** Progress of the reader's replay and, when it is replayed too, the published model's. */
function progressOf({ started }: ReplaySession): HoursDone {
  return { hours: sum(started, ({ hours }) => hours), done: sum(started, ({ done }) => done) };
}

/** The status of the replay; before the first, the hours to replay. */
function outcomeOf({ own, published, data, period, isSameState, isRunning }: ReplaySession): HTMLElement {
  if (!period) return html`<span>Nothing learned yet.</span>`;
  if (!own) {
    const hours = formatCount((period.lastTime - period.firstTime) / hourMs + 1);
    const [first, last] = [period.firstTime, period.lastTime].map((time) => dateName(time, "UTC"));
    return html`<span>${hours} hours to replay, from ${first} to ${last}.</span>`;
  }
  if (own.problem) return html`<span>The replay failed: ${own.problem}.</span>`;
  if (isRunning) return html`<span>Replaying.</span>`;
  if (!own.result) return html`<span>Cancelled.</span>`;
  const { seconds, stateDigest } = own.result;
  const speed = `${formatCount(own.hours)} hours in ${seconds.toFixed(1)} s, ${formatCount(Math.round(own.hours / seconds))} per second.`;
  if (stateDigest === null) return html`<span>${speed}</span>`;
  const isCompared = own === published && isSameState !== null;
  const snapshot = html`<code>${data.snapshots.at(-1)!.snapshotId}</code>`;
  return html`<div>${speed}${isCompared ? ` It ends ${isSameState ? "exactly" : "not"} in the published state.` : null}
    <details><summary>Digest of the final state</summary><p>The digest of its final state is <code>${stateDigest}</code>.
      ${isCompared ? html`<span>This is ${isSameState ? "exactly" : "not"} the state of snapshot ${snapshot}.</span>` : null}</p></details></div>`;
}
