import type { SnapshotWeights, StationModel } from "../../shared/published/stationModel.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";
import { formatCount } from "../ui/units.js";
import { replayRequest } from "./replayMessages.js";
import { replayProgress } from "./replayProgress.js";
import { ReplayRun } from "./replayRun.js";
import { isStateOf } from "./stateDigest.js";

/** What was learned again, by snapshot: whoever comes back to one need not wait again. */
const learned = new Map<string, { weights: SnapshotWeights; outcome: string }>();

/**
 * For a snapshot whose state is not stored any more: replays the hours up to it when asked. Its value is what the
 * regression knew there, null until then; nothing to see where the state is stored.
 */
export function relearnControls(
  data: StationModel,
  snapshotId: string,
): ValueElement<SnapshotWeights | null> & { cancel(): void } {
  const snapshot = data.snapshots.find((one) => one.snapshotId === snapshotId);
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

  const look = () => {
    start.disabled = run?.isRunning ?? false;
    cancel.disabled = !start.disabled;
    progress.show(run);
    const said = run ? outcomeOf(run) : learned.get(snapshotId)?.outcome;
    if (said !== undefined) outcome.textContent = said;
  };
  const end = async ({ weights, stateDigest, hours, seconds }: ReplayRun) => {
    if (!weights || seconds === null) return;
    const isSame = stateDigest === null ? null : await isStateOf(snapshot!, stateDigest);
    const verdict = isSame === null ? "" : ` The state is ${isSame ? "to the bit" : "not"} that of this snapshot.`;
    const text = `${formatCount(hours)} hours in ${seconds.toFixed(1)} s.${verdict}`;
    // Of another state the weights would not be this snapshot's.
    if (isSame !== false) learned.set(snapshotId, { weights, outcome: text });
    outcome.textContent = text;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  };
  start.addEventListener("click", () => {
    const period = { firstTime: genesisTime!, lastTime: snapshot!.throughTime };
    const begun = new ReplayRun(replayRequest(data, data.options, period));
    run = begun;
    begun.addEventListener("change", () => {
      look();
      if (begun.seconds !== null) void end(begun);
    });
    look();
  });
  cancel.addEventListener("click", () => run?.cancel());
  look();
  return Object.defineProperties(element, {
    value: { get: () => learned.get(snapshotId)?.weights ?? null },
    cancel: { value: () => run?.cancel() },
  }) as ReturnType<typeof relearnControls>;
}

/** What there is to say before the end; undefined when that has been said. */
function outcomeOf({ problem, isRunning, seconds }: ReplayRun): string | undefined {
  if (problem) return `It failed: ${problem}.`;
  if (isRunning) return "Learning.";
  return seconds === null ? "Cancelled." : undefined;
}
