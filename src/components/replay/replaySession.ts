import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { replayRequest } from "./replayMessages.js";
import { ReplayRun } from "./replayRun.js";
import { isStateOf } from "./stateDigest.js";

export interface ReplayStart {
  options: ForecasterOptions;
  /** Whether these are the published model's own options. */
  asPublished: boolean;
  /** Whether to replay the published model too, for what is not stored of it. */
  besidePublished: boolean;
}

/**
 * What the reader replays of a station, one at a time, and the published model beside it where that is needed.
 * Dispatches "change" whenever either has come further.
 */
export class ReplaySession extends EventTarget {
  own: ReplayRun | null = null;
  published: ReplayRun | null = null;
  /** What the newest start began: what of these is done is how far the replay is. */
  begun: ReplayRun[] = [];
  /** Whether a replay as published ended in the state that the newest snapshot is named after; null where unknown. */
  isSameState: boolean | null = null;
  readonly data: StationModel;

  constructor(data: StationModel) {
    super();
    this.data = data;
  }

  /** First and last hour that there is to replay, epoch milliseconds; null where nothing was learned. */
  get period(): { firstTime: number; lastTime: number } | null {
    const newest = this.data.snapshots.at(-1);
    const { genesisTime } = this.data.station;
    return newest && genesisTime !== null ? { firstTime: genesisTime, lastTime: newest.throughTime } : null;
  }

  get isRunning(): boolean {
    return Boolean(this.own?.isRunning || this.published?.isRunning);
  }

  start({ options, asPublished, besidePublished }: ReplayStart): void {
    if (!this.period) return;
    this.cancel();
    this.isSameState = null;
    this.begun = [];
    const begin = (options: ForecasterOptions) => {
      const run = new ReplayRun(replayRequest(this.data, options, this.period!));
      run.addEventListener("change", () => this.told(run));
      this.begun.push(run);
      return run;
    };
    this.own = begin(options);
    if (asPublished) this.published = this.own;
    else if (besidePublished && this.published?.seconds == null) this.published = begin(this.data.options);
    this.dispatchEvent(new Event("change"));
  }

  cancel(): void {
    this.own?.cancel();
    this.published?.cancel();
  }

  private told(run: ReplayRun): void {
    if (run === this.published && run.stateDigest) void this.compare(run.stateDigest);
    if (run === this.own || run === this.published) this.dispatchEvent(new Event("change"));
  }

  private async compare(stateDigest: string): Promise<void> {
    this.isSameState = await isStateOf(this.data.snapshots.at(-1)!, stateDigest);
    this.dispatchEvent(new Event("change"));
  }
}
