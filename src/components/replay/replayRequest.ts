import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { apiAddress } from "../ui/fetchApi.js";
import { hexDigest } from "./hexDigest.js";
import type { ReplayRequest } from "./replayMessages.js";

/** What to ask for to replay a station's hours from the first up to the last time. */
export function replayRequest(
  { station, officialForecasts }: StationModel,
  options: ForecasterOptions,
  period: { firstTime: number; lastTime: number },
): ReplayRequest {
  const address = apiAddress(`${station.key}/learnedHours.parquet`);
  const officialAddress = officialForecasts > 0 ? apiAddress(`${station.key}/learnedOfficial.parquet`) : null;
  return { address, officialAddress, options, ...period };
}

/** Whether a snapshot is named after the state of this digest. */
export async function isStateOf(
  { snapshotId, configDigest, hoursDigest }: StationModel["snapshots"][number],
  stateDigest: string,
): Promise<boolean> {
  return (await hexDigest(new TextEncoder().encode(configDigest + hoursDigest + stateDigest))) === snapshotId;
}
