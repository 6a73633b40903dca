import type { StationModel } from "../../shared/published/stationModel.js";
import { publishedModelOf, type ReplayedModel, ReplayRun, replayRequest } from "./replayRun.js";
import { isStateOf } from "./stateDigest.js";

interface ReplayStart {
  model: ReplayedModel;
  /** Whether this is the published model. */
  asPublished: boolean;
}

/**
 * The reader's replay of a station and, once, a replay of the published model to compare it with, hour by hour.
 * Dispatches "change" on progress.
 */
export class ReplaySession extends EventTarget {
  own: ReplayRun | null = null;
  published: ReplayRun | null = null;
  /** The runs whose progress is shown. */
  started: ReplayRun[] = [];
  /** Whether a replay with the published settings ended in the state of the newest snapshot; null when unknown. */
  isSameState: boolean | null = null;
  readonly data: StationModel;

  constructor(data: StationModel) {
    super();
    this.data = data;
  }

  /** First and last hour to replay, epoch milliseconds; null when nothing was learned. */
  get period(): { firstTime: number; lastTime: number } | null {
    const newest = this.data.snapshots.at(-1);
    const { genesisTime } = this.data.station;
    return newest && genesisTime !== null ? { firstTime: genesisTime, lastTime: newest.throughTime } : null;
  }

  get isRunning(): boolean {
    return Boolean(this.own?.isRunning || this.published?.isRunning);
  }

  start({ model, asPublished }: ReplayStart): void {
    if (!this.period) return;
    this.cancel();
    this.isSameState = null;
    this.started = [];
    const begin = (model: ReplayedModel) => {
      const run = new ReplayRun(replayRequest(this.data, model, this.period!));
      run.addEventListener("change", () => this.onChange(run));
      this.started.push(run);
      return run;
    };
    this.own = begin(model);
    if (asPublished) this.published = this.own;
    else if (!this.published?.result) this.published = begin(publishedModelOf(this.data));
    this.dispatchEvent(new Event("change"));
  }

  cancel(): void {
    this.own?.cancel();
    this.published?.cancel();
  }

  private onChange(run: ReplayRun): void {
    if (run === this.published && run.result?.stateDigest) void this.compare(run.result.stateDigest);
    if (run === this.own || run === this.published) this.dispatchEvent(new Event("change"));
  }

  private async compare(stateDigest: string): Promise<void> {
    this.isSameState = await isStateOf(this.data.snapshots.at(-1)!, stateDigest);
    this.dispatchEvent(new Event("change"));
  }
}
