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

test("asks every five minutes, and says so once there is something newer", async () => {
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

test("asks nothing while it is out of sight, and at once when the reader comes back", async () => {
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

test("says nothing of a server that can't be reached or answers nonsense, and asks again", async () => {
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

test("ends when it is taken out of the page", async () => {
  answer(100);
  put();
  await pass(5);
  document.body.replaceChildren();
  await pass(20);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("says so of a station that was late, when nothing is newer than the newest", async () => {
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
