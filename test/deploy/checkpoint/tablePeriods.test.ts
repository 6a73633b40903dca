import { expect, it } from "vitest";
import { storedTables } from "../../../src/data/store/storedTables.js";
import { periodsOf } from "../../../src/deploy/checkpoint/tablePeriods.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const temporary = useTemporaryStore();

it("has a file per period of each table that grows with time, so that an hour sends little", async () => {
  const tables = await storedTables(temporary.store);
  const whole = tables.filter(({ name }) => periodsOf(name, 0) === null).map(({ name }) => name);
  // These have a row per file, station or failure, or only a number per remembered run.
  expect(whole.sort()).toEqual([
    "files",
    "forecastGrids",
    "learnAgain",
    "meta",
    "networkFields",
    "networkPlaces",
    "networkStates",
    "networkStations",
    "quarantine",
    "requestsSaved",
    "stations",
  ]);
  for (const { name, columns } of tables) {
    const periods = periodsOf(name, 0);
    if (periods) expect(columns).toContain(periods.column);
  }
});

it("are past years and the months of this one; days for short-lived tables, months for large ones", () => {
  const through = Date.UTC(2026, 4, 20, 9);
  expect(periodsOf("hours", through)).toEqual({
    column: "validTime",
    name: "if(year(validTime) < 2026, strftime(validTime, '%Y'), strftime(validTime, '%Y-%m'))",
  });
  expect(periodsOf("forecasts", through)?.name).toBe("strftime(issuedTime, '%Y-%m-%d')");
  for (const [table, column] of [
    ["ledger", "time"],
    ["guidance", "issuedTime"],
    ["guidanceRuns", "issuedTime"],
  ] as const)
    expect(periodsOf(table, through)?.name, table).toBe(`strftime(${column}, '%Y-%m')`);
});
