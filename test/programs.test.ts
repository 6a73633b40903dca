import { afterEach, expect, test, vi } from "vitest";

const argv = process.argv;
afterEach(() => {
  process.argv = argv;
});

test.each([
  ["runSql", () => import("../src/site/runSql.js")],
  ["renderSite", () => import("../src/site/render/renderSite.js")],
] as const)("%s does nothing when it is imported, whatever this program's arguments are", async (name, load) => {
  process.argv = [argv[0]!, argv[1]!, "no/such/folder", "build", "1/1"];
  vi.resetModules();
  expect(await load()).toHaveProperty(name);
  expect(process.exitCode).toBeUndefined();
});
