import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileError } from "../../../src/data/http/fileError.js";
import { type Bulletin, type GuidanceHour, nbmPath, parseNbmBlock } from "../../../src/data/sources/nbm.js";
import { hourMs } from "../../../src/shared/time.js";
import { leadsOf, type PrintedBlock, type PrintedHour, printBlock } from "../../support/nbmBulletin.js";

const noon = Date.UTC(2026, 9, 1, 12);
const parse = (text: string, expected: Partial<PrintedBlock> = {}) =>
  parseNbmBlock(text, { code: "KATL", bulletin: "nbh", runTime: noon, ...expected }, "blend");
const celsius = (value: number | null, zero = 32) => (value === null ? null : Math.round((value - zero) / 0.018) / 100);

describe("a bulletin", () => {
  const lines = (...rows: string[]) => [...rows, " ".repeat(74), ""].join("\n");

  it("has the hours of NBH from the run on, in °C", () => {
    const text = lines(
      " KATL   NBM V5.0 NBH GUIDANCE    10/01/2026  1200 UTC",
      " UTC  13 14 15 16 17 18 19 20 21 22 23 00 01 02 03 04 05 06 07 08 09 10 11 12 13 ",
      " TMP  66 69 73 77 80 83 85 86 86 85 83 80 77 75 73 72 71 70 69 68 68 67 67 67 70",
      " TSD   1  1  2  2  2  2  2  2  2  2  2  2  2  1  1  1  1  1  1  1  1  1  1  1  2",
      " DPT  61 61 62 62 62 61 61 60 60 60 61 61 62 62 62 62 62 62 63 63 63 63 63 63 64",
      " P06                 12                 8                 3                 0   ",
      " CIG -88 35-88-88120110-88-88-88-88-88-88-88-88-88-88-88-88-88-88-88-88-88-88-88",
    );
    const { hours, ...block } = parse(text);
    expect(block).toEqual({ code: "KATL", version: "5.0", bulletin: "nbh", runTime: noon, problems: [] });
    expect(hours).toHaveLength(25);
    const first = { temperatureC: 18.89, dewPointC: 16.11, temperatureSpreadC: 0.56 };
    expect(hours[0]).toEqual({ validTime: noon + hourMs, ...first });
    const last = { temperatureC: 21.11, dewPointC: 17.78, temperatureSpreadC: 1.11 };
    expect(hours[24]).toEqual({ validTime: noon + 25 * hourMs, ...last });
  });

  it("has every third hour of NBS, also of a buoy with a number, whatever its dates say", () => {
    const text = lines(
      " 086092  NBM V5.0 NBS GUIDANCE    10/01/2026  1200 UTC",
      " DT /OCT   1/OCT   2                /OCT   3                /OCT   4      ",
      " UTC  18 21 00 03 06 09 12 15 18 21 00 03 06 09 12 15 18 21 00 03 06 09 12 ",
      " FHR  06 09 12 15 18 21 24 27 30 33 36 39 42 45 48 51 54 57 60 63 66 69 72 ",
      " TXN        84          79          86          79          86          78",
      " TMP  82 81 81 80 80 80 80 83 84 82 81 81 80 80 80 83 84 83 82 81 80 80 80",
      " DPT  77 76 76 76 76 76 76 77 78 77 77 76 76 76 76 77 78 77 77 76 76 76 76",
      " SWH   3  3  3  3  3  3  3  3  3  2  2  2  2  2  2  2  2  2  2  2-99-99-99",
    );
    const { hours } = parse(text, { code: "086092", bulletin: "nbs" });
    expect(hours.map(({ validTime }) => (validTime - noon) / hourMs)).toEqual(leadsOf("nbs", noon));
    expect(hours.at(-1)).toMatchObject({ temperatureC: 26.67, dewPointC: 24.44, temperatureSpreadC: null });
  });

  it("has its place in NOAA's tree", () => {
    expect(nbmPath({ bulletin: "nbs", runTime: Date.UTC(2026, 0, 2, 3) })).toBe(
      "blend.20260102/03/text/blend_nbstx.t03z",
    );
  });
});

describe("a block", () => {
  const block = (rows: string[]) => parse([...rows, " ".repeat(70), ""].join("\n"));
  const head = " KATL   NBM V5.0 NBH GUIDANCE   10/01/2026  1200 UTC";
  const utc = " UTC  13 14 15";

  it.each([
    ["KATL NBM V3.2 NBH GUIDANCE 10/1/2026 1200 UTC", "3.2"],
    [" KATL    NBM V4.0 NBH GUIDANCE    10/01/2026  1200 UTC   ", "4.0"],
    [" KATL   NBM V4.3 NBH GUIDANCE   10/01/2026  1200 UTC\r", "4.3"],
  ])("has a header of any version: %j", (line, version) => {
    expect(block([line, utc, " TMP  70 71 72"])).toMatchObject({ version, runTime: noon });
  });

  it("has values that fill their fields, and missing ones", () => {
    const { hours } = block([head, utc, " TMP 100102103", " DPT -12-99-98", " TSD   1-99  2"]);
    expect(hours.map(({ temperatureC }) => temperatureC)).toEqual([37.78, 38.89, 39.44]);
    expect(hours.map(({ dewPointC }) => dewPointC)).toEqual([-24.44, null, null]);
    expect(hours.map(({ temperatureSpreadC }) => temperatureSpreadC)).toEqual([0.56, null, 1.11]);
  });

  it("may lack rows, and have rows that end early together", () => {
    expect(block([head, utc, " TMP  70 71 72"]).hours[2]).toMatchObject({ temperatureC: 22.22, dewPointC: null });
    const short = block([head, utc, " TMP  70 71", " DPT  60 61"]);
    expect(short.hours.map(({ temperatureC }) => temperatureC)).toEqual([21.11, 21.67, null]);
    const uneven = block([head, utc, " TMP  70 71 72", " DPT  60 61"]);
    expect(uneven.hours[0]!.dewPointC).toBeNull();
    expect(uneven.problems).toEqual(["row DPT has 2 columns, row TMP has 3"]);
  });

  it.each([
    ["an impossible temperature", " TMP  70150 72", "column 2: TMP is 150 °F"],
    ["a value unlike both neighbours", " TMP  70 12 72", "column 2: TMP is 12 °F"],
    ["a dew point above the temperature", " TMP  70 60 72", "column 2: dew point 63 °F above temperature 60 °F"],
  ])("drops %s", (_, row, problem) => {
    const { hours, problems } = block([head, utc, row, " DPT  60 63 60"]);
    expect(problems).toEqual([problem]);
    expect(hours[1]).toMatchObject(row.includes("60") ? { dewPointC: null } : { temperatureC: null });
    expect(hours[0]).toMatchObject({ temperatureC: 21.11, dewPointC: 15.56 });
  });

  it.each<[string, string[]]>([
    ["has no header", [utc, " TMP  70 71 72"]],
    ["has no header", [head.replace("10/01", "2/30"), utc, " TMP  70 71 72"]],
    ["is that of K00F", [head.replace("KATL", "K00F"), utc, " TMP  70 71 72"]],
    ["is that of KATLX", [head.replace("KATL", "KATLX"), utc, " TMP  70 71 72"]],
    ["is of bulletin nbs", [head.replace("NBH", "NBS"), utc, " TMP  70 71 72"]],
    ["is of the run of 2026-10-01T13:00:00.000Z", [head.replace("1200", "1300"), utc, " TMP  70 71 72"]],
    ["has no temperatures", [head, utc, " DPT  70 71 72"]],
    ["has row TMP twice", [head, utc, " TMP  70 71 72", " TMP  70 71 72"]],
    ["has values of row TMP out of their columns", [head, utc, " TMP 70 71 72"]],
    ["has values of row TMP out of their columns", [head, utc, " TMP  70  1 7x"]],
    ["has hours that do not follow from its run", [head, " UTC  13 15 16", " TMP  70 71 72"]],
    ["has hours that do not follow from its run", [head, " TMP  70 71 72"]],
    ["has 2 temperatures for 3 hours", [head, utc, " TMP  70 71"]],
    ["has 2 temperatures for 3 hours", [head, utc, " TMP  70 71", " DPT  60 61 62"]],
    ["has 4 temperatures for 3 hours", [head, utc, " TMP  70 71 72 73"]],
  ])("is rejected where it %s", (reason, rows) => {
    expect(() => block(rows)).toThrow(new FileError("blend", `the block of KATL ${reason}`).message);
  });
});

/** A block with weather that is no spike, and what it says. */
const blocks = fc
  .record({
    bulletin: fc.constantFrom<Bulletin>("nbh", "nbs"),
    version: fc.constantFrom("3.2", "4.1", "5.0"),
    runTime: fc.integer({ min: 0, max: 60_000 }).map((hours) => Date.UTC(2020, 5, 1) + hours * hourMs),
    level: fc.integer({ min: -40, max: 100 }),
    hours: fc.array(
      fc.record({
        step: fc.integer({ min: -15, max: 15 }),
        depression: fc.integer({ min: 0, max: 20 }),
        spreadF: fc.option(fc.integer({ min: 0, max: 15 })),
        isKnown: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
      }),
      { minLength: 25, maxLength: 25 },
    ),
  })
  .map(({ bulletin, version, runTime, level, hours }) => {
    const leads = leadsOf(bulletin, runTime);
    const printed = hours.slice(0, leads.length).map(({ step, depression, spreadF, isKnown }): PrintedHour => {
      const temperatureF = isKnown ? level + step : null;
      return { temperatureF, dewPointF: isKnown ? level + step - depression : null, spreadF };
    });
    const block: PrintedBlock = { code: "KATL", bulletin, runTime, version, hours: printed };
    const hasSpread = version !== "3.2";
    const truth = printed.map(({ temperatureF, dewPointF, spreadF }, index): GuidanceHour => {
      const validTime = runTime + leads[index]! * hourMs;
      const temperatureSpreadC = hasSpread && temperatureF !== null ? celsius(spreadF, 0) : null;
      return { validTime, temperatureC: celsius(temperatureF), dewPointC: celsius(dewPointF), temperatureSpreadC };
    });
    return { block, truth, text: printBlock(block) };
  });

/** What a damaged block says; nothing where it is rejected. */
function readDamaged(text: string, block: PrintedBlock): GuidanceHour[] {
  try {
    return parse(text, block).hours;
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return [];
  }
}

/** The hours with a value that differs from the truth; a missing value does not. */
function wrongHours(hours: readonly GuidanceHour[], truth: readonly GuidanceHour[]): GuidanceHour[] {
  const known = new Map(truth.map((hour) => [hour.validTime, hour]));
  return hours.filter((hour) => {
    const names = ["temperatureC", "dewPointC", "temperatureSpreadC"] as const;
    return names.some((name) => hour[name] !== null && hour[name] !== known.get(hour.validTime)?.[name]);
  });
}

describe("a damaged block", () => {
  const somewhere = fc.nat({ max: 9999 });
  const character = fc.constantFrom(..." 0123456789-\nTMPDUCSX/.");

  it("is read exactly if it is whole", () => {
    fc.assert(fc.property(blocks, ({ block, truth, text }) => void expect(parse(text, block).hours).toEqual(truth)));
  });

  it("is rejected or read exactly if it is cut off", () => {
    fc.assert(
      fc.property(blocks, somewhere, ({ block, truth, text }, at) => {
        const hours = readDamaged(text.slice(0, at % text.length), block);
        if (hours.length > 0) expect(hours).toEqual(truth);
      }),
      { numRuns: 300 },
    );
  });

  it("gives no wrong value if a character is added, or a character or a field is lost", () => {
    fc.assert(
      fc.property(blocks, somewhere, character, fc.constantFrom(0, 1, 3), ({ block, truth, text }, at, added, lost) => {
        const from = at % text.length;
        const damaged = text.slice(0, from) + (lost ? "" : added) + text.slice(from + lost);
        expect(wrongHours(readDamaged(damaged, block), truth)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives no wrong value but the one in which a character is changed", () => {
    fc.assert(
      fc.property(blocks, somewhere, character, ({ block, truth, text }, at, other) => {
        const from = at % text.length;
        const damaged = text.slice(0, from) + other + text.slice(from + 1);
        const wrong = wrongHours(readDamaged(damaged, block), truth);
        const line = text.slice(0, from).split("\n");
        const column = Math.floor((line.at(-1)!.length - 5) / 3);
        expect(wrong.filter(({ validTime }) => validTime !== truth[column]?.validTime)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives no wrong value if rows are lost or in another order", () => {
    fc.assert(
      fc.property(blocks, fc.infiniteStream(fc.nat()), ({ block, truth, text }, order) => {
        const [head, ...rows] = text.split("\n");
        const shuffled = rows.map((row) => ({ row, key: order.next().value! })).sort((a, b) => a.key - b.key);
        const lines = [head, ...shuffled.filter(({ key }) => key % 5 > 0).map(({ row }) => row), " ", ""];
        expect(wrongHours(readDamaged(lines.join("\n"), block), truth)).toEqual([]);
      }),
    );
  });

  it("is rejected under the header of another station, run or bulletin", () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: -48, max: 48 }), ({ block, text }, hours) => {
        const rows = text.slice(text.indexOf("\n"));
        const runTime = block.runTime + (hours || 1) * hourMs;
        const bulletin = block.bulletin === "nbh" ? "nbs" : "nbh";
        for (const other of [{ ...block, code: "KATX" }, { ...block, runTime }, { ...block, bulletin } as const]) {
          const header = printBlock({ ...other, hours: [] }).split("\n")[0]!;
          expect(readDamaged(header + rows, block)).toEqual([]);
          // Asked for as what the header says, only a run a whole day off looks the same.
          if (other.runTime !== runTime || hours % 24 !== 0 || hours === 0) {
            if (other.code === block.code) expect(readDamaged(header + rows, other)).toEqual([]);
          }
        }
      }),
    );
  });
});
