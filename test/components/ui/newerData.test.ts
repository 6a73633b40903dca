// @vitest-environment jsdom

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newerData } from "../../../src/components/ui/newerData.js";
import { minuteMs } from "../../../src/shared/time.js";

const shown = [
  { key: "KATL", newestObservedTime: 100, newestIssuedTime: 90 },
  { key: "KSEA", newestObservedTime: null, newestIssuedTime: null },
  { key: "PANC", newestObservedTime: 80, newestIssuedTime: 80 },
];
let visibility: DocumentVisibilityState;
const fetched = vi.fn<(address: string) => Promise<Response>>();
const answer = (newestIssuedTime: number) =>
  fetched.mockImplementation(async () =>
    Response.json({ stations: [{ key: "KATL", newestObservedTime: 100, newestIssuedTime }] }),
  );

beforeEach(() => {
  vi.useFakeTimers();
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  visibility = "visible";
  Object.defineProperty(document, "visibilityState", { get: () => visibility, configurable: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function put(): HTMLElement {
  const line = newerData(shown);
  document.body.replaceChildren(line);
  return line;
}
const pass = (minutes: number) => vi.advanceTimersByTimeAsync(minutes * minuteMs);

test("checks every five minutes and offers to reload when there are newer data", async () => {
  answer(100);
  const line = put();
  await pass(4);
  expect(fetched).not.toHaveBeenCalled();
  await pass(1);
  expect(fetched.mock.calls).toEqual([[expect.stringMatching(/\/status\.json$/), { cache: "no-cache" }]]);
  await pass(10);
  expect(fetched).toHaveBeenCalledTimes(3);
  expect(line.textContent).toBe("");
  answer(101);
  await pass(10);
  expect(line.textContent).toBe("Newer data: reload");
  expect(line.getAttribute("role")).toBe("status");
});

test("does not check in a hidden tab, and checks at once when the reader returns", async () => {
  answer(101);
  const line = put();
  visibility = "hidden";
  await pass(60);
  expect(fetched).not.toHaveBeenCalled();
  visibility = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(line.textContent).toBe("Newer data: reload");
});

test("ignores a server that cannot be reached or sends an invalid answer, and checks again", async () => {
  const line = put();
  fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  fetched.mockResolvedValueOnce(new Response("gone", { status: 404 }));
  fetched.mockResolvedValueOnce(new Response("<html>"));
  await pass(15);
  expect(fetched).toHaveBeenCalledTimes(3);
  expect(line.textContent).toBe("");
  answer(101);
  await pass(5);
  expect(line.textContent).toBe("Newer data: reload");
});

test("stops checking when it is removed from the page", async () => {
  answer(100);
  put();
  await pass(5);
  document.body.replaceChildren();
  await pass(20);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("finds newer data of one station that was late", async () => {
  fetched.mockImplementation(async () =>
    Response.json({
      stations: [
        { key: "KATL", newestObservedTime: 100, newestIssuedTime: 100 },
        { key: "PANC", newestObservedTime: 90, newestIssuedTime: 90 },
      ],
    }),
  );
  const line = put();
  await pass(5);
  expect(line.textContent).toBe("Newer data: reload");
});
