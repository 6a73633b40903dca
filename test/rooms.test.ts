import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

// The linter guards the walls between the rooms of src/ and finds files that import each other in a circle; this looks
// at folders.

const importing = /^(?:import|export)[^"]*? from "(\.[^"]+)";$/gm;

/** The folders that each folder of src/ imports from, itself left out. */
function arrows(): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const file of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.includes(".observablehq")) continue;
    const from = dirname(join("src", file));
    for (const [, path] of readFileSync(join("src", file), "utf8").matchAll(importing)) {
      const to = dirname(normalize(join(from, path!)));
      if (to !== from) all.set(from, (all.get(from) ?? new Set()).add(to));
    }
  }
  return all;
}

/** The folders reached from one, by whatever way. */
function reached(from: string, all: Map<string, Set<string>>, seen = new Set<string>()): Set<string> {
  for (const to of all.get(from) ?? []) if (!seen.has(to)) reached(to, all, seen.add(to));
  return seen;
}

test("no folders of the source import each other in a circle", () => {
  const all = arrows();
  expect(all.size).toBeGreaterThan(20);
  expect([...all.keys()].filter((folder) => reached(folder, all).has(folder))).toEqual([]);
});

test("a folder has at most 25 entries", () => {
  const entries = new Map<string, number>();
  for (const file of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (!file.includes(".observablehq")) entries.set(dirname(file), (entries.get(dirname(file)) ?? 0) + 1);
  }
  expect([...entries].filter(([, count]) => count > 25)).toEqual([]);
});
