import { expect, it } from "vitest";
import { joinBulletins } from "../../../src/data/sources/nbmGuidance.js";
import { hourMs } from "../../../src/shared/time.js";

const block = (bulletin: "nbh" | "nbs", values: Record<number, [number | null, number | null, number | null]>) => ({
  ...{ code: "KATL", version: "5.0", bulletin, runTime: 0, problems: bulletin === "nbs" ? ["row DPT is short"] : [] },
  hours: Object.entries(values).map(([lead, [temperatureC, dewPointC, temperatureSpreadC]]) => {
    return { validTime: Number(lead) * hourMs, temperatureC, dewPointC, temperatureSpreadC };
  }),
});
const nbh = block("nbh", { 3: [10, 5, 1], 5: [null, 4, 1], 6: [12, null, 2], 9: [14, 6, 1], 12: [20, 8, 1] });
const nbs = block("nbs", { 6: [12.2, 6, 3], 9: [14, 9, 1], 12: [11, 8, 1], 15: [15, 7, 2], 18: [null, 7, 2] });
const joined = (result: ReturnType<typeof joinBulletins>) =>
  result.hours.map((hour) => [hour.validTime / hourMs, hour.temperatureC, hour.dewPointC, hour.temperatureSpreadC]);

it("joins the hours of both bulletins: NBH first, NBS where that has nothing, neither where they differ", () => {
  const both = joinBulletins(nbh, nbs);
  expect(joined(both)).toEqual([
    [3, 10, 5, 1],
    [6, 12, 6, 2],
    [9, 14, null, 1],
    [15, 15, 7, 2],
  ]);
  expect(both.problems).toEqual(["nbs: row DPT is short", "lead 12: nbh has 20 °C, nbs 11 °C"]);
});

it("takes what there is of one bulletin", () => {
  expect(joined(joinBulletins(null, nbs)).map(([lead]) => lead)).toEqual([6, 9, 12, 15]);
  expect(joined(joinBulletins(nbh, null)).map(([lead]) => lead)).toEqual([3, 6, 9, 12]);
});
