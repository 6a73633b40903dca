import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sum } from "d3";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { dictionary } from "../../../src/pipeline/dictionary/dictionary.js";
import { fieldsOfSchema } from "../../../src/pipeline/dictionary/fieldsOfSchema.js";
import { apiSchemas, siteFileSizes, siteFiles } from "../../../src/pipeline/dictionary/siteFiles.js";
import { Dictionary, type Field } from "../../../src/shared/published/dictionary.js";
import { celsius, time } from "../../../src/shared/published/fields.js";
import { type PublishedTable, publishedTables } from "../../../src/shared/published/published.js";
import { finishPublished } from "../../support/publishedFixture/finishPublished.js";
import { writePublishedFixture } from "../../support/publishedFixture/publishedFixture.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const home = await temporaryFolder();
const manifest = await writePublishedFixture(home);
await finishPublished(home);
/** Published files, like a site without pages. */
const dir = join(home, "published");
const unbuilt = dictionary(manifest, new Map());

/** Numbers without a unit: codes and positions. */
const codes = [
  "requests.status",
  "quarantine.row",
  "ledger.entry",
  "ledgerValues.entry",
  "guidance.entry",
  "evenings.entry",
  "evenings[].entry",
  ".windowNumber",
  ".tenth",
  ".schemaVersion",
  ".modelVersion",
  ".year",
];

function withoutUnit(owner: string, fields: readonly Field[]): string[] {
  return fields
    .filter(({ type, unit }) => (type === "number" || type === "integer" || type === "time") && unit === null)
    .map(({ name }) => `${owner}.${name}`)
    .filter((name) => !codes.some((code) => name.endsWith(code)));
}

describe("the data dictionary", () => {
  test("fits its own schema", () => {
    expect(Dictionary.parse(unbuilt)).toEqual(unbuilt);
  });

  test("has every column of every table, in order, and whether it may be null", () => {
    expect(unbuilt.tables.map(({ name }) => name)).toEqual(Object.keys(publishedTables));
    for (const { name, columns } of unbuilt.tables) {
      const { shape } = publishedTables[name as PublishedTable];
      expect(columns.map((column) => [name, column.name, column.nullable])).toEqual(
        Object.entries(shape).map(([column, schema]) => [name, column, schema.safeParse(null).success]),
      );
    }
  });

  test("describes every table, column, file and field, with units", () => {
    for (const { name, holds, columns } of unbuilt.tables) {
      expect(holds).toMatch(/^[A-Z].{15,}\.$/);
      expect(columns.filter(({ meaning }) => meaning.trim() === "")).toEqual([]);
      expect(withoutUnit(name, columns)).toEqual([]);
    }
    for (const { address, holds, fields } of unbuilt.files) {
      expect(holds).toMatch(/^[A-Z].{15,}\.$/);
      expect(withoutUnit(address, fields)).toEqual([]);
    }
  });

  test("has units that match the suffixes of names", () => {
    const units: [RegExp, string][] = [
      [/[a-z]C$|^p\d+$|^mae$|[a-z]Mae$|^rmse$|^bias$/, "°C"],
      [/Hpa$/, "hPa"],
      [/[a-z]Ms$/, "m/s"],
      [/Deg$/, "°"],
      [/[a-z]M$/, "m"],
      [/Oktas$/, "oktas"],
      [/Hours$/, "h"],
      [/[Bb]ytes$/, "bytes"],
      [/Time$|^time$|^month$|^day$|^asOf$/, "UTC"],
    ];
    const columns = [
      ...unbuilt.tables.flatMap((table) => table.columns),
      ...unbuilt.files.flatMap(({ fields }) => fields),
    ];
    for (const [pattern, unit] of units) {
      const named = columns.filter(({ name }) => pattern.test(name.split(".").at(-1)!));
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((column) => column.unit !== unit).map(({ name }) => name)).toEqual([]);
    }
  });

  test("has the fields of every file with a schema", () => {
    const schemas = unbuilt.files.flatMap(({ schema }) => (schema === null ? [] : [schema])).sort();
    expect(schemas).toEqual(
      Object.keys(apiSchemas)
        .map((name) => `api/schema/${name}.json`)
        .sort(),
    );
    const station = unbuilt.files.find(({ address }) => address === "api/<key>.json")!;
    expect(station.fields.find(({ name }) => name === "forecast.temperature[].p10")).toEqual({
      name: "forecast.temperature[].p10",
      type: "number",
      unit: "°C",
      nullable: true,
      values: null,
      meaning: "quantile 10 %; with p90 the 80 % interval",
    });
  });

  test("has the rows, sizes and digests of tables, and sizes of files only after they are written", async () => {
    for (const { name, rows, bytes, sha256 } of unbuilt.tables)
      expect(manifest.files).toContainEqual({ name: `${name}.parquet`, rows, bytes, sha256 });
    expect(
      unbuilt.files.every(({ count, bytes, example }) => count === null && bytes === null && example === null),
    ).toBe(true);
    const built = Dictionary.parse(JSON.parse(await readFile(join(dir, "api", "dictionary.json"), "utf8")));
    expect(built.tables).toEqual(unbuilt.tables);
    const forecasts = built.files.find(({ address }) => address === "api/<key>.json")!;
    const keys = ["AYM00089009", "KATL", "KSEA", "PANC", "VABB"];
    const bytes = sum(keys, (key) => statSync(join(dir, "api", `${key}.json`)).size);
    expect(forecasts).toMatchObject({ count: 5, bytes, example: "api/AYM00089009.json" });
  });

  test("has no address for a table that is too large, but names the files with its rows", async () => {
    const files = manifest.files.map((file) => (file.name === "forecasts.parquet" ? { ...file, bytes: 60e6 } : file));
    const [large] = dictionary({ ...manifest, files }, new Map()).tables.filter(({ name }) => name === "forecasts");
    expect(large).toMatchObject({ address: null, bytes: 60e6, stationFiles: "api/<key>/issues.parquet" });
  });

  test("throws when the manifest lacks a table", () => {
    expect(() => dictionary({ ...manifest, files: manifest.files.slice(1) }, new Map())).toThrow(
      "stations.parquet is not in the manifest",
    );
  });
});

describe("fields of a schema", () => {
  test("follow their parent, and keep units when they are nullable", () => {
    const schema = z.object({
      when: time.nullable().describe("when"),
      which: z.enum(["a", "b"]).nullable().describe("which"),
      rows: z.array(z.object({ lowC: celsius.describe("low") })).describe("rows"),
    });
    const text = fieldsOfSchema(z.array(schema)).map(({ name, type, unit, nullable }) =>
      [name, type, unit, nullable].join(" "),
    );
    expect(text).toEqual(["when time UTC true", "which text  true", "rows list  false", "rows[].lowC number °C false"]);
    expect(fieldsOfSchema(schema)[1]!.values).toEqual(["a", "b"]);
  });

  test("must all have descriptions", () => {
    expect(() => fieldsOfSchema(z.object({ a: z.object({ b: celsius }).describe("a") }))).toThrow(
      "a.b has no description",
    );
  });
});

test("a file belongs to the first kind that its name fits", async () => {
  const sizes = await siteFileSizes(dir);
  expect(sizes.get("api/<key>.json")!.count).toBe(5);
  expect(sizes.get("api/schema/<name>.json")!.count).toBe(Object.keys(apiSchemas).length);
  expect([...sizes.keys()].every((address) => siteFiles.some((kind) => kind.address === address))).toBe(true);
});
