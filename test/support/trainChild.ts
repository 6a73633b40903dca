import { openStore } from "../../src/data/store/store.js";
import { fastExperts, trainTo } from "./training.js";

/** Trains in steps in a process of its own, for tests that kill it. Arguments: home, station, hours to stop at. */
const [home, stationId, ...stops] = process.argv.slice(2) as [string, string, ...string[]];
const store = await openStore(home);
for (const stop of stops) {
  process.stdout.write(`${stop}\n`);
  await trainTo(store, home, [stationId], Number(stop), { experts: fastExperts });
}
store.close();
process.stdout.write("done\n");
