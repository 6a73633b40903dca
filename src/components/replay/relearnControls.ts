import type { SnapshotWeights, StationModel } from "../../shared/published/stationModel.js";
import { html } from "../ui/html.js";
import { type ValueElement, withValue } from "../ui/inputs.js";
import { formatCount } from "../ui/units.js";
import { publishedModelOf, ReplayRun, replayProgress, replayRequest } from "./replayRun.js";
import { isStateOf } from "./stateDigest.js";

/** Results by snapshot, so that choosing one again needs no second replay. */
const learned = new Map<string, { weights: SnapshotWeights; outcome: string }>();

/**
 * Controls that replay the hours up to a snapshot without a stored state. Their value is the weights of the regression,
 * null until the replay ends. Empty for a snapshot with a stored state.
 */
export function relearnControls(
  data: StationModel,
  snapshotId: string,
): ValueElement<SnapshotWeights | null> & { cancel(): void } {
  const snapshot = data.snapshots.find((snapshot) => snapshot.snapshotId === snapshotId);
  const { genesisTime } = data.station;
  let run: ReplayRun | null = null;
  const start = html`<button type="button" class="primary">Learn it again</button>` as HTMLButtonElement;
  const cancel = html`<button type="button">Cancel</button>` as HTMLButtonElement;
  const progress = replayProgress("Hours learned");
  const outcome = html`<p class="replay-outcome" role="status"></p>`;
  const isOffered = snapshot !== undefined && !snapshot.kept && genesisTime !== null;
  const element = isOffered
    ? html`<div class="replay-controls"><div>${start}${cancel}${progress.parts}</div>${outcome}</div>`
    : html`<div></div>`;

  const update = () => {
    start.disabled = run?.isRunning ?? false;
    cancel.disabled = !start.disabled;
    progress.show(run);
    const text = run ? outcomeOf(run) : learned.get(snapshotId)?.outcome;
    if (text !== undefined) outcome.textContent = text;
  };
  const finish = async ({ result, hours }: ReplayRun) => {
    if (!result?.weights) return;
    const { weights, stateDigest, seconds } = result;
    const isSame = stateDigest === null ? null : await isStateOf(snapshot!, stateDigest);
    const verdict =
      isSame === null ? "" : ` The state is ${isSame ? "identical to" : "different from"} that of this snapshot.`;
    const text = `${formatCount(hours)} hours in ${seconds.toFixed(1)} s.${verdict}`;
    // Weights of a different state are not those of this snapshot.
    if (isSame !== false) learned.set(snapshotId, { weights, outcome: text });
    outcome.textContent = text;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  };
  start.addEventListener("click", async () => {
    const period = { firstTime: genesisTime!, lastTime: snapshot!.throughTime };
    run = new ReplayRun(replayRequest(data, publishedModelOf(data), period));
    run.addEventListener("change", update);
    update();
    await run.ended;
    await finish(run);
  });
  cancel.addEventListener("click", () => run?.cancel());
  update();
  const get = () => learned.get(snapshotId)?.weights ?? null;
  return Object.assign(withValue(element, { get }), { cancel: () => run?.cancel() });
}

/** The status of an unfinished replay; undefined when it has finished. */
function outcomeOf({ problem, isRunning, result }: ReplayRun): string | undefined {
  if (problem) return `The replay failed: ${problem}.`;
  if (isRunning) return "Learning.";
  return result ? undefined : "Cancelled.";
}
