// @vitest-environment jsdom

import { expect, test, vi } from "vitest";
import { eveningCard } from "../../../src/components/evening/eveningCard.js";
import { eveningInput } from "../../../src/components/evening/eveningInput.js";
import { eveningNamed, eveningRows } from "../../../src/components/evening/eveningRows.js";
import { parquetRows } from "../../../src/components/ui/parquetRows.js";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import { writeStationFile } from "../../../src/pipeline/api/stationParquet.js";
import type { StationEvening } from "../../../src/shared/published/scorecard.js";
import { nearestOf } from "../../../src/shared/words/evenings.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const { readFile } = await import("node:fs/promises");
const { join } = await import("node:path");
const api = await fixtureApi();
const data = api.forecasts.KATL!;
const [low, high] = data.evenings as [StationEvening, StationEvening];
const zone = "America/New_York";

/** The rows of the station's file, as the browser reads them. */
async function storedRows() {
  const file = join(api.home, "evenings.parquet");
  await withPublished((published) => writeStationFile(published, data.station, "evenings", file), api.home);
  return eveningRows(await parquetRows(new Uint8Array(await readFile(file)).buffer));
}

test("the newest night and day have the published numbers, and link to their own addresses", () => {
  const chosen = vi.fn();
  const card = eveningCard(data, { zone, onSelect: chosen });
  const [night, day] = [...card.querySelectorAll(".evening-part")].map(words) as [string, string];
  const one = (celsius: number | null) => celsius!.toFixed(1);
  expect(night).toContain(
    `Last night’s low On Sun 8 Mar at 19:00 EDT we said: low ${one(low.p50)} °C (80 %: ${one(low.p10)} to ${one(low.p90)}).`,
  );
  expect(night).toContain(
    `NBM said ${one(low.nbmC)}, NWS ${one(low.nwsC)}, persistence ${one(low.persistenceC)}. It was ${one(low.truthC)}`,
  );
  const tally = low.tally.live!;
  const own = tally.models.find(({ model }) => model === "mixture")!;
  expect(night).toContain(`Live, last ${tally.n} nights: isotherm nearest ${own.nearest}, NBM`);
  expect(night).toContain(`inside the 80 % range ${tally.inside}.`);
  expect(tally.models.reduce((sum, { nearest }) => sum + nearest, 0)).toBe(tally.n);
  expect(night).toContain("Replayed or late, last 2");
  expect(day).toContain(`Yesterday’s high On Sat 7 Mar at 18:00 EST we said: high ${one(high.p50)} °C`);
  const link = card.querySelector<HTMLAnchorElement>("h2 a")!;
  expect(link.getAttribute("href")).toBe("./station/KATL?evening=2026-03-08#evening");
  link.click();
  expect(chosen).toHaveBeenCalledWith("2026-03-08");
  // The table has the same numbers, and how the forecast can be checked.
  expect(words(card.querySelector("details")!)).toContain(`Last night’s low: isotherm${one(low.p50)}`);
  expect(words(card)).toContain(`digest ${low.digest}, recorded in entry 1 of KATL`);
});

test("an evening is the same from the station's file, also before it is known what came", async () => {
  const rows = await storedRows();
  const named = (name: string) => eveningNamed(rows, name, data.station.timeZone);
  expect(named("2026-03-08")[0]).toEqual(low);
  expect(named("2026-03-07")[1]).toEqual(high);
  const pending = eveningCard(data, { zone, evening: "2026-03-08", chosen: named("2026-03-08") });
  expect(words(pending.querySelectorAll(".evening-part")[1]!)).toContain(
    "The day ends on Mon 9 Mar at 22:00 EDT; this fills in once its hours are observed.",
  );
  expect(pending.querySelectorAll(".evening-bar")[1]!.getAttribute("aria-label")).toContain("not observed yet");
  const undecided = rows.find(({ hoursMissing }) => hoursMissing === 3)!;
  const name = new Date(undecided.issuedTime).toISOString().slice(0, 10);
  expect(words(eveningCard(data, { zone, evening: name, chosen: named(name) }))).toContain(
    "Not decided: 3 hours of the night are missing.",
  );
  expect(words(eveningCard(data, { zone, evening: "2020-01-01", chosen: named("2020-01-01") }))).toContain(
    "No forecast of the evening of Wed 1 Jan 2020 at KATL is stored",
  );
});

test("isotherm is nearest only without a tie", () => {
  const row = { ...low, p50: 2, nbmC: 4, nwsC: null, otherC: null, persistenceC: 9, truthC: 3 };
  expect(nearestOf(row)).toBe("nbm");
  expect(nearestOf({ ...row, nbmC: 4.1 })).toBe("mixture");
  expect(nearestOf({ ...row, truthC: null })).toBeNull();
});

test("the input steps through evenings up to the newest, and back to last night", () => {
  const input = eveningInput(data);
  const press = (name: string) => {
    const button = [...input.querySelectorAll("button")].find(({ textContent }) => textContent === name)!;
    if (!button.disabled) button.click();
    return input.value;
  };
  expect(press("Evening after")).toBe("");
  expect(press("Evening before")).toBe("2026-03-07");
  expect(press("Evening after")).toBe("2026-03-08");
  expect(press("Evening after")).toBe("2026-03-08");
  expect(press("Last night")).toBe("");
  expect(["2026-03-08", "2026-03-09", "2025-01-01", "8 March"].map((name) => input.allows!(name))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
