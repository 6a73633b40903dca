import { expect, test } from "vitest";
import { textTable } from "../../src/shared/textTable.js";

test("columns are aligned, numbers to the right, with null as a dash", () => {
  const rows = [
    { id: "KATL", n: 8760, mae: 1.2 },
    { id: "KORD-X", n: 5, mae: null },
  ];
  expect(textTable(rows, ["id", "n", "mae"])).toBe(
    ["id         n  mae", "KATL    8760  1.2", "KORD-X     5    -", ""].join("\n"),
  );
});

test("a table without rows has only its header", () => {
  expect(textTable<{ id: string }>([], ["id"])).toBe("id\n");
});
