// @vitest-environment jsdom

import { expect, test } from "vitest";
import { networkGain } from "../../../src/components/evaluation/networkGain.js";
import { verdict } from "../../../src/components/evaluation/verdict.js";
import type { StationEvaluation } from "../../../src/shared/published/stationEvaluation.js";
import { words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const alone = (await fixtureApi()).evaluations.KATL!;

/** The evaluation of a station without guidance in a network, with the errors of another baseline as those without the network. */
function inNetwork(changes: Partial<StationEvaluation["differences"][number]> = {}): StationEvaluation {
  const scores = alone.scores.filter(({ model }) => model === "climatology");
  const differences = alone.differences.filter(({ model }) => model === "climatology");
  const model = "ownHistory";
  return {
    ...alone,
    guidance: [],
    scores: [...alone.scores, ...scores.map((row) => ({ ...row, model }) as const)],
    differences: [...alone.differences, ...differences.map((row) => ({ ...row, ...changes, model }) as const)],
  };
}

test("a station in a network says what the network gains, and how sure that is", () => {
  const element = networkGain(inNetwork());
  expect(words(element)).toMatch(
    /^With the network of other stations, errors are significantly smaller at every lead compared, most \d+ h ahead: by \d+ % \(95 % interval \d+ to \d+ %\)\./,
  );
  expect(words(element)).toMatch(
    /One regression with the network of other stations has an error \d+ % smaller 24 h ahead than the same without it\./,
  );
  const row = [...element.querySelectorAll("tbody tr")].find(({ firstChild }) => firstChild!.textContent === "24")!;
  const mae = (model: string) => {
    const { leadHours, maeC } = inNetwork().scores.find((s) => s.variable === "temperature" && s.model === model)!;
    return maeC[leadHours.indexOf(24)]!.toFixed(2);
  };
  const { skill, n } = inNetwork().differences.find(
    (d) => d.variable === "temperature" && d.model === "ownHistory" && d.leadHours === 24,
  )!;
  const cells = [...row.children].map(({ textContent }) => textContent!);
  expect(cells.slice(1, 4)).toEqual([mae("mixture"), mae("rls"), mae("ownHistory")]);
  expect(cells[4]).toMatch(new RegExp(`^${(skill * 100).toFixed(0)}\u00a0% \\(\\d+ to \\d+\u00a0%\\)$`));
  expect(cells[5]).toBe(n.toLocaleString("en"));
});

test("what guidance adds is not counted as a gain of the network", () => {
  expect(alone.guidance.length).toBeGreaterThan(0);
  const element = networkGain({ ...inNetwork(), guidance: alone.guidance });
  expect(words(element)).toMatch(/^One regression with the network of other stations has an error \d+ % smaller 24 h/);
  expect(words(element)).not.toContain("significantly");
  const row = [...element.querySelectorAll("tbody tr")].find(({ firstChild }) => firstChild!.textContent === "24")!;
  const [, , regression, without, gain] = [...row.children].map(({ textContent }) => Number.parseFloat(textContent!));
  // The page computes from unrounded errors.
  expect(Math.abs(gain! - 100 * (1 - regression! / without!))).toBeLessThan(1.5);
});

test.each([
  ["The network makes no significant difference 1, 3, 6, 12, 24, 48 and 72 h ahead.", { differenceHigh: 1 }],
  ["With the network, errors are significantly larger 1, 3,", { differenceLow: 1, differenceHigh: 2 }],
])("it says: %s", (text, changes) => expect(words(networkGain(inNetwork(changes)))).toContain(text));

test("it says when too few days are scored", () => {
  expect(words(networkGain({ ...inNetwork(), differences: [] }))).toMatch(/^Too few days are scored to test/);
});

test("nothing is said outside a network, and the verdict names the baseline in plain words", () => {
  expect(words(networkGain(alone))).toBe("");
  expect(words(verdict(inNetwork()))).toContain("a regression without the network");
});
