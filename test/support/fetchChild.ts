import { fetchStations } from "../../src/data/fetch/fetch.js";
import { resolveStations } from "../../src/data/stations/stations.js";
import { openStore } from "../../src/data/store/store.js";
import { systemClock } from "../../src/shared/clock.js";
import { parseConfig } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";

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
