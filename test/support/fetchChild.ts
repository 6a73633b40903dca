import { systemClock } from "../../src/pipeline/clock.js";
import { parseConfig } from "../../src/pipeline/config.js";
import { fetchStations } from "../../src/pipeline/fetch.js";
import { silentReport } from "../../src/pipeline/progress.js";
import { resolveStations } from "../../src/pipeline/stations.js";
import { openStore } from "../../src/pipeline/store.js";

/** Fetches into a store of its own process, for tests that kill it. Arguments: home, base, time, station ids. */
const [home, base, asOf, ...names] = process.argv.slice(2) as [string, string, string, ...string[]];
const config = parseConfig({
  home,
  stations: [{ id: "USW00013874" }],
  sources: { ghcnh: [base], isd: [base], awc: [base], nws: [base] },
});
const store = await openStore(home);
process.stdout.write("opened\n");
await fetchStations(store, config, await resolveStations(config, names), {
  genesis: Date.UTC(2020, 0, 1),
  clock: systemClock(asOf),
  runId: "child",
  report: silentReport,
});
store.close();
process.stdout.write("done\n");
