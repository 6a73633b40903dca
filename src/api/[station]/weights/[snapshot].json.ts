import { parseArgs } from "node:util";
import { withPublished } from "../../../pipeline/api/openPublished.js";
import { snapshotWeights } from "../../../pipeline/api/snapshotWeights.js";
import { findStation } from "../../../site/loader.js";

const { values } = parseArgs({ options: { snapshot: { type: "string" } }, strict: false });
const found = await withPublished(async (published) => {
  const { stationId } = await findStation(published);
  return (await snapshotWeights(published, stationId)).find(({ snapshotId }) => snapshotId === values.snapshot);
});
if (!found) throw new Error(`the state of snapshot ${values.snapshot} is not kept`);
process.stdout.write(JSON.stringify(found.weights));
