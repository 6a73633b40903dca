import { expect, test } from "vitest";
import { compactPath } from "../../../src/pipeline/api/compactPath.js";

test("writes points relative to the previous one", () => {
  expect(compactPath("M10,20L12.5,19.7L-3,19.7L-3,40Z", 0)).toBe("M10,20l2.5-.3l-15.5,0l0,20.3z");
});

test("starts a line from the end of the previous one, or from its start if it is closed", () => {
  expect(compactPath("M1,1L3,1M3,3L5,5", 0)).toBe("M1,1l2,0m0,2l2,2");
  expect(compactPath("M1,1L3,1L3,3ZM2,2L4,2L4,4Z", 0)).toBe("M1,1l2,0l0,2zm1,1l2,0l0,2z");
});

test("leaves out points closer than the tolerance, except the ends of lines", () => {
  expect(compactPath("M0,0L0.4,0L0.8,0L1.2,0L1.3,0")).toBe("M0,0l1.2,0l.1,0");
});

test("leaves out rings without an area", () => {
  expect(compactPath("M0,0L0.4,0L0.4,0.4ZM9,9L12,9L12,12Z")).toBe("M9,9l3,0l0,3z");
  expect(compactPath("")).toBe("");
});

test("begins with an absolute point, so that paths can be joined", () => {
  const [first, second] = ["M1,1L3,1", "M2,2L4,4"].map((path) => compactPath(path, 0));
  expect(`${first}${second}`).toBe("M1,1l2,0M2,2l2,2");
});
