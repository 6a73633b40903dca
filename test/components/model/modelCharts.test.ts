// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  expertTable,
  explanationOfLead,
  explanationSentence,
  explanationTable,
} from "../../../src/components/model/explanationChart.js";
import { reasonPhrase } from "../../../src/components/model/explanationWords.js";
import { snapshotDetail, snapshotTable, snapshotTimeline } from "../../../src/components/model/snapshotTimeline.js";
import { weightTable } from "../../../src/components/model/weightMap.js";
import { drawn, golden, words } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";

const api = await fixtureApi();

const newestWeights = (key: string) => api.weights[key]!.at(-1)!.weights;
const explained = (key: string, leadHours: number) =>
  explanationOfLead(api.explanations[key]!, "temperature", leadHours);
test.each([
  ["explanationTable", () => explanationTable(explained("KATL", 24))],
  ["timeline", () => snapshotTimeline(api.models.KATL!)],
])("%s matches its golden file", (name, draw) => expect(drawn(draw())).toMatchFileSnapshot(golden(name)));

test("weights and snapshots have tables", () => {
  expect(weightTable(newestWeights("KATL")).querySelectorAll("tbody tr")).toHaveLength(30);
  const chain = snapshotTable(api.models.KATL!, { newest: 3 });
  const ids = [...chain.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].slice(0, 2).map((cell) => words(cell)),
  );
  expect(ids.slice(0, 2).map(([, parent]) => parent)).toEqual(ids.slice(1).map(([id]) => id));
});

test("a reason opens to its parts, which add up to it", () => {
  const lead = explained("KATL", 36)!;
  const table = explanationTable(lead);
  const numbers = (rows: Iterable<Element>) =>
    [...rows].map((row) => Number(words(row.children[1]!).replace("−", "-")));
  const hundredths = (values: number[]) => values.reduce((sum, value) => sum + Math.round(value * 100), 0);
  const bodies = [...table.querySelectorAll("tbody")];
  const total = numbers(table.querySelectorAll(".total"))[0]!;
  expect(hundredths(numbers(table.querySelectorAll("tr:not(.part):not(.total):not(thead tr)")))).toBe(
    Math.round(total * 100),
  );
  expect(total * 100).toBeCloseTo(lead.forecast, 9);
  const daily = bodies.find((body) => words(body).startsWith("daily cycle"))!;
  const [button, parts] = [daily.querySelector("button")!, daily.querySelectorAll<HTMLElement>(".part")];
  expect([parts.length, [...parts].every(({ hidden }) => hidden)]).toEqual([2, true]);
  button.click();
  expect([button.getAttribute("aria-expanded"), [...parts].some(({ hidden }) => hidden)]).toEqual(["true", false]);
  expect(hundredths(numbers(parts))).toBe(hundredths(numbers([daily.querySelector("tr")!])));
  button.click();
  expect([...parts].every(({ hidden }) => hidden)).toBe(true);
});

test("of many parts around the station the largest are listed and the others summed", () => {
  const lead = explained("KATL", 36)!;
  const parts = Array.from({ length: 20 }, (_, i) => ({ part: `warmer air ${i}`, hundredths: 20 - i }));
  const group = { group: "air around", hundredths: 210, parts } as const;
  const table = explanationTable({ ...lead, groups: [{ ...group, parts: [...parts] }] });
  const rows = [...table.querySelectorAll(".part")].map((row) => [...row.children].map(words));
  expect(rows).toHaveLength(7);
  expect(rows[6]).toEqual(["14 smaller parts", "+1.05"]);
});

test("the explanation names the three largest reasons", () => {
  const lead = explained("KATL", 36)!;
  const sentence = explanationSentence(lead, { zone: "America/New_York" });
  const largest = [...lead.groups].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths));
  expect(sentence).toContain("For Wed 11 Mar 02:00 EDT, 36 h ahead, the temperature forecast is ");
  for (const reason of largest.slice(0, 3)) expect(sentence).toContain(reasonPhrase(reason, "temperature"));
  expect(sentence).not.toContain(reasonPhrase(largest[3]!, "temperature"));
  expect(explanationSentence(null, { zone: "UTC" })).toMatch(/^No forecast has been issued/);
});

test("the experts are listed by weight", () => {
  const lead = explanationOfLead(api.explanations.KATL!, "dewPoint", 1)!;
  const weighed = {
    ...lead,
    experts: [...lead.experts].map((expert, i) => ({ ...expert, weight: i === 0 ? null : i / 10 })),
  };
  const rows = [...expertTable(weighed).querySelectorAll("tbody tr")].map((row) => words(row.children[2]!));
  expect(rows).toEqual(["–", "0.100", "0.200", "0.300", "0.400"]);
});

test("a snapshot shows its parent and whether its state is stored", () => {
  const { snapshots } = api.models.KATL!;
  const detail = snapshotDetail(api.models.KATL!, snapshots[1]!.snapshotId);
  expect(words(detail)).toContain(snapshots[0]!.snapshotId);
  expect(words(detail)).toContain("not kept");
  expect(words(snapshotDetail(api.models.KATL!, snapshots.at(-1)!.snapshotId))).toContain("bytes, kept");
  expect(words(snapshotDetail(api.models.KATL!, snapshots[0]!.snapshotId))).toContain("the first snapshot");
  expect(words(snapshotDetail(api.models.KSEA!, ""))).toBe("Nothing learned yet.");
});

test("a snapshot is chosen by its bead, the newest at first, with gaps between distant ones", () => {
  const data = api.models.KATL!;
  const timeline = snapshotTimeline({ ...data, snapshots: data.snapshots.filter((_, i) => i !== 3) });
  expect(timeline.value).toBe(data.snapshots.at(-1)!.snapshotId);
  expect([...timeline.querySelectorAll(".bead")].map(({ className }) => className.includes("gap")).indexOf(true)).toBe(
    3,
  );
  timeline.querySelectorAll("input")[1]!.click();
  expect(timeline.value).toBe(data.snapshots[1]!.snapshotId);
  expect(timeline.querySelectorAll("input.kept")).toHaveLength(data.snapshots.filter(({ kept }) => kept).length);
});
