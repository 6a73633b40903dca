// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LabelSpace } from "../../../src/components/stations/labelSpace.js";
import { mapChart } from "../../../src/components/stations/mapChart.js";
import { stationMap } from "../../../src/pipeline/api/stationMap.js";
import type { StationMap } from "../../../src/shared/published/stationMap.js";
import { golden } from "../../support/drawn.js";
import { fixtureApi } from "../../support/fixtureApi.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";

const api = await fixtureApi();
/** Without outlines, which are Natural Earth's and long. */
const map: StationMap = { ...stationMap(api.stations), land: "M0,0", borders: "", graticule: "" };
const marks = (figure: HTMLElement) => [...figure.querySelectorAll<SVGAElement>("a")];
const focused = () => document.activeElement?.getAttribute("data-station");

test("the map of the stations", async () => {
  const figure = mapChart(map, api.stations, { width: 900, asOf: fixtureTime });
  await expect(`${figure.outerHTML.replaceAll("><", ">\n<")}\n`).toMatchFileSnapshot(golden("map"));
});

test("each station is a link with its name and its newest temperature, escaped", () => {
  const figure = mapChart(map, api.stations, { width: 900, unit: "F", asOf: fixtureTime });
  const atl = api.stations.find(({ key }) => key === "KATL")!;
  expect(marks(figure).map((mark) => mark.getAttribute("aria-label"))).toContain(
    `KATL Atlanta Hartsfield International Airport, ${(atl.temperatureC! * 1.8 + 32).toFixed(0)} °F now`,
  );
  expect(figure.querySelector("b")).toBeNull();
  expect(marks(figure)).toHaveLength(api.stations.length);
});

test("one mark takes the focus, and arrow keys move it", () => {
  const figure = mapChart(map, api.stations, { width: 900, asOf: fixtureTime });
  document.body.append(figure);
  const start = marks(figure).find((mark) => mark.getAttribute("data-station") === "KATL")!;
  start.focus();
  const press = (key: string) => {
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    return focused();
  };
  expect(press("ArrowLeft")).toBe("KSEA");
  expect(press("ArrowUp")).toBe("PANC");
  expect(press("ArrowUp")).toBe("PANC");
  expect(press("ArrowRight")).toBe("KSEA");
  expect(press("ArrowRight")).toBe("KATL");
  expect(press("a")).toBe("KATL");
  expect(marks(figure).filter((mark) => mark.getAttribute("tabindex") === "0")).toHaveLength(1);
  figure.remove();
});

describe("labels", () => {
  const sheet = { width: 800, height: 400 };
  const placeLabels = (points: readonly { x: number; y: number; length: number }[], size: typeof sheet) => {
    const space = new LabelSpace(size, points);
    return points.map((point) => space.besidePoint(point));
  };

  test("are on the right if there is room, else elsewhere, else missing", () => {
    const at = (x: number, y: number) => ({ x, y, length: 54 });
    expect(placeLabels([at(100, 100)], sheet)[0]).toMatchObject({ anchor: "start" });
    expect(placeLabels([at(795, 100)], sheet)[0]).toMatchObject({ anchor: "end" });
    expect(placeLabels([{ x: 100, y: 100, length: 0 }], sheet)).toEqual([undefined]);
    const crowd = Array.from({ length: 9 }, (_, i) => at(100 + (i % 3) * 12, 100 + Math.floor(i / 3) * 12));
    const placed = placeLabels(crowd, sheet);
    expect(placed[0]).toBeDefined();
    expect(placed[4]).toBeUndefined();
  });

  test("in the middle of a line take the first free place", () => {
    const space = new LabelSpace(sheet, [{ x: 100, y: 100 }]);
    space.avoid([{ x: 300, y: 100 }]);
    const places = [100, 300, 500].map((x): [number, number] => [x, 100]);
    expect(space.centredAt(places, 30)).toEqual([500, 100]);
    expect(space.centredAt(places, 30)).toBeUndefined();
  });

  test("never overlap and never leave the map", () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 400 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (points) => {
        const length = 54;
        const named = points.map((place) => ({ ...place, length }));
        const boxes = placeLabels(named, sheet).flatMap((label, i) => {
          if (!label) return [];
          const x = named[i]!.x + label.dx - { start: 0, middle: length / 2, end: length }[label.anchor];
          return [{ x, y: named[i]!.y + label.dy - 11 }];
        });
        for (const [i, a] of boxes.entries()) {
          expect(a.x >= 0 && a.x + length <= sheet.width && a.y >= 0 && a.y + 13 <= sheet.height).toBe(true);
          for (const b of boxes.slice(i + 1)) {
            expect(Math.abs(a.x - b.x) >= length - 1e-9 || Math.abs(a.y - b.y) >= 13 - 1e-9).toBe(true);
          }
        }
      }),
    );
  });
});
