import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../src/data/store/store.js";
import { backtest } from "../../src/pipeline/backtest/backtest.js";
import { withRun } from "../../src/pipeline/run.js";
import { update } from "../../src/pipeline/update.js";
import { verifyStations } from "../../src/pipeline/verify/verify.js";
import { type Config, parseConfig } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { hourMs } from "../../src/shared/time.js";
import { psv, routineRows } from "../support/psv.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const id = "USW00013874";
const first = Date.UTC(1969, 11, 22);
const hours = { 1969: 10 * 24, 1970: 6 * 24 };
const temperatureAt = (hour: number) =>
  5 + 6 * Math.sin((2 * Math.PI * hour) / 24) + 2 * Math.sin(hour / 31) + Math.sin(hour * hour);

let config: Config;

beforeAll(async () => {
  const [ghcnh, silent] = [await temporaryFolder(), await temporaryFolder()];
  for (const [year, from] of [[1969, 0] as const, [1970, hours[1969]] as const]) {
    const folder = join(ghcnh, `hourly/access/by-year/${year}/psv`);
    mkdirSync(folder, { recursive: true });
    const rows = routineRows(first + from * hourMs, hours[year], (hour) => temperatureAt(from + hour));
    writeFileSync(join(folder, `GHCNh_${id}_${year}.psv`), psv(id, rows));
  }
  const sources = { ghcnh: [ghcnh], isd: [silent], awc: [silent], nws: [silent] };
  config = parseConfig({ home: await temporaryFolder(), stations: [{ id }], sources });
});

describe("a history that begins before 1970", () => {
  it.each(["1969-12-29T11:30Z", "1970-01-06T12:30Z"])("is learned up to %s", async (asOf) => {
    const run = { command: "update", asOf, report: silentReport };
    const history = { station: [id], from: first, simulate: false };
    await withRun(run, (opened) => update(opened, history), { config });
  });

  it("is verified as it was learned", async () => {
    const [verified] = await read((store) => verifyStations(store, config, [id], { workers: 0 }));
    expect(verified).toMatchObject({
      from: "1969-12-22T00:00:00.000Z",
      through: "1970-01-06T12:00:00.000Z",
      difference: null,
      ledgerDifference: null,
    });
  });

  it("is scored across the turn of the year", async () => {
    const [from, to] = [Date.parse("1969-12-28T00:00Z"), Date.parse("1970-01-06T12:00Z")];
    const { stations } = await read((store) => backtest(store, config, [id], { from, to, leads: [6], workers: 0 }));
    const { n, mae } = stations[0]!.leads[0]!;
    expect(n).toBe((to - from) / hourMs + 1);
    expect(mae.mixture).toBeLessThan(mae.persistence! / 2);
  });
});

async function read<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config.home, { readOnly: true });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
