import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { isotherm } from "../support/isotherm.js";
import { writePublishedFixture } from "../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

let home: string;
beforeAll(async () => {
  home = await temporaryFolder();
  await writePublishedFixture(home);
});

const sql = (...args: string[]) => isotherm(["sql", ...args], { ISOTHERM_HOME: home });
const query = "SELECT icao, latitude > 60 AS north FROM stations WHERE icao IN ('KATL', 'PANC') ORDER BY icao";

test("a query of the published tables is answered as text, JSON or CSV", async () => {
  expect(await sql(query)).toEqual({ code: 0, stdout: "icao  north\nKATL  false\nPANC  true\n", stderr: "" });
  expect((await sql("--format", "csv", query)).stdout).toBe("icao,north\nKATL,false\nPANC,true\n");
  expect(JSON.parse((await sql("--format", "json", query)).stdout)).toEqual([
    { icao: "KATL", north: false },
    { icao: "PANC", north: true },
  ]);
  expect((await sql("SELECT icao FROM stations WHERE latitude > 90")).stdout).toBe("no rows\n");
});

test("a query can be in a file", async () => {
  const file = join(home, "north.sql");
  writeFileSync(file, `-- north of 60°\n${query};\n`);
  expect((await sql("--file", file)).stdout).toContain("PANC  true");
});

test("a query that can't be answered is an error that says where it is wrong", async () => {
  const { code, stdout, stderr } = await sql("SELECT nonsense FROM hours");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/"nonsense" not found[\s\S]*LINE 1/);
});
