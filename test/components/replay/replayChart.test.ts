// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { type ReplayedSession, replayChart } from "../../../src/components/replay/replayChart.js";
import type { Traced } from "../../../src/components/replay/replaySeries.js";
import { replayVerdict } from "../../../src/components/replay/replayVerdict.js";
import { slowRate } from "../../../src/model/scores/ewmae.js";
import { reportedColumns, type reportedLeads } from "../../../src/model/vocabulary.js";
import { hourMs } from "../../../src/shared/time.js";

const hours = 400;
const firstTime = Date.UTC(2020, 0);
const period = { firstTime, lastTime: firstTime + (hours - 1) * hourMs };
const options = {
  width: 640,
  period,
  variable: "temperature",
  leadHours: 24 as (typeof reportedLeads)[number],
} as const;

/** A replay in progress with constant errors. */
function traced(done: number, error: number): Traced {
  const errors = new Float64Array(hours * reportedColumns.length).fill(error);
  return { hours, done, errors, request: period };
}

class Session extends EventTarget implements ReplayedSession {
  own: Traced | null = null;
  published: Traced | null = null;
  update(own: Traced | null, published: Traced | null = this.published) {
    Object.assign(this, { own, published });
    this.dispatchEvent(new Event("change"));
  }
}

const stored = [100, 300].map((at) => ({
  variable: "temperature" as const,
  leadHours: 24,
  time: new Date(firstTime + at * hourMs),
  n: at - 23,
  validationCorrected: 2,
  trainingCorrected: 2,
  validationSlow: 2,
}));

function shown(epsilon: number) {
  const session = new Session();
  const chart = replayChart(stored, session, { ...options, epsilon });
  document.body.replaceChildren(chart);
  return {
    session,
    image: () => chart.querySelector("svg[role=img]")!,
    caption: () => chart.querySelector("figcaption")!.textContent!,
    lines: () =>
      [...chart.querySelectorAll("svg[role=img] > path")].map((line) => line.getAttribute("d")!.split("L").length),
  };
}

describe("the verdict on a replay", () => {
  /** Hours with the given errors of a model, in every column. */
  const withErrors = (error: (hour: number) => number): Traced => {
    const long = 100 * 24;
    const errors = new Float64Array(long * reportedColumns.length);
    for (let i = 0; i < errors.length; i++) errors[i] = error(Math.floor(i / reportedColumns.length));
    return { hours: long, done: long, errors, request: period };
  };
  const textFor = (own: Traced, published: Traced) => {
    const session = new Session();
    session.update(own, published);
    return replayVerdict(session, { variable: "temperature", leadHours: 24 }).textContent!;
  };
  const usual = withErrors((hour) => 2 + Math.sin(hour));

  test("says how much worse or better, with its uncertainty and n", () => {
    expect(
      textFor(
        withErrors((hour) => 2.2 + Math.sin(hour)),
        usual,
      ),
    ).toMatch(/^Your settings: 10\.\d\u00a0% worse 24 h ahead, ±0\.\d\. This compares .* same 2,400 hours of 100 days/);
    const daily = withErrors((hour) => 2 + Math.sin(hour) + (Math.floor(hour / 24) % 3) - 1);
    expect(textFor(daily, usual)).toMatch(/ahead, ±[\d.]+\. That may be chance\./);
    expect(
      textFor(
        withErrors((hour) => 2 + Math.sin(hour)),
        usual,
      ),
    ).toMatch(/^Your settings: no difference 24 h ahead/);
  });

  test("pairs the hours that both have forecast", () => {
    const late = withErrors((hour) => (hour < 24 * 50 ? Number.NaN : 2 + Math.sin(hour)));
    expect(textFor(late, usual)).toContain("no difference 24 h ahead, over the same 1,200 hours of 50 days");
  });

  test("waits for both replays, and needs another model and enough days", () => {
    expect(textFor({ ...usual, done: 10 }, usual)).toBe("");
    expect(textFor(usual, usual)).toBe("");
    expect(textFor(traced(hours, 1), traced(hours, 2))).toMatch(/^Too few days/);
  });
});

describe("the chart of a replay", () => {
  test("draws the published line and the replay so far on the same axes", () => {
    const { session, image, caption, lines } = shown(slowRate);
    expect(image().getAttribute("aria-label")).toMatch(
      /, °C: published model 2\.00 on 13 Jan 2020, after \d+ errors\.$/,
    );
    expect(caption()).toMatch(/^Published model 2\.00 on 13 Jan 2020, after \d+ errors\.$/);
    session.update(traced(100, 1.5));
    const drawn = image();
    const [published, few] = lines();
    session.update(traced(200, 1.5));
    expect(image()).toBe(drawn);
    expect(lines()[0]).toBe(published);
    expect(lines()[1]).toBeGreaterThan(few!);
    expect(caption()).toMatch(
      /^Your replay 1\.50 on 9 Jan 2020, after 200 errors; published model 2\.00 on 13 Jan 2020/,
    );
  });

  test("is redrawn when the line leaves it and when a replay starts over", () => {
    const { session, image, caption } = shown(slowRate);
    session.update(traced(100, 1.5));
    const drawn = image();
    session.update(traced(110, 40));
    expect(image()).not.toBe(drawn);
    const higher = image();
    session.update(traced(0, 1.5));
    expect(image()).not.toBe(higher);
    expect(caption()).toMatch(/^Published model/);
  });

  test("says that the published line is missing until a replay has computed it", () => {
    const { session, caption, lines } = shown(0.02);
    expect(caption()).toMatch(/^Nothing yet\. The published model’s EWMAE is stored for ε = 0\.1 and 0\.001/);
    session.update(traced(100, 1.5));
    expect(caption()).toContain("a replay computes it for ε = 0.02");
    session.update(traced(100, 1.5), traced(50, 2));
    expect(caption()).not.toContain("a replay computes it");
    const few = lines()[0]!;
    session.update(traced(100, 1.5), traced(90, 2));
    expect(lines()[0]).toBeGreaterThan(few);
  });

  test("is not updated after it has left the page", () => {
    const { session, lines } = shown(slowRate);
    session.update(traced(100, 1.5));
    const before = lines();
    document.body.replaceChildren();
    session.update(traced(200, 1.5));
    expect(lines()).toEqual(before);
  });

  test("says so when nothing was learned", () => {
    const chart = replayChart(stored, new Session(), { ...options, epsilon: slowRate, period: null });
    expect(chart.textContent).toBe("Nothing learned yet.");
  });
});
