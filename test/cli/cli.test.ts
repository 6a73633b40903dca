import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isotherm, spawnIsotherm } from "../support/isotherm.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const run = async (...args: string[]) => isotherm(args, { ISOTHERM_HOME: await temporaryFolder() });

test.for([[], ["update"], ["backtest"], ["start"], ["stations", "near"]])(
  "isotherm %s --help tells how on stdout",
  async (command) => {
    const { code, stdout, stderr } = await run(...command, "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(["Usage: isotherm", ...command].join(" "));
  },
);

const mistakes = [
  { args: ["forecast"], message: "unknown command 'forecast'" },
  { args: ["update", "--stations", "KATL"], message: "unknown option '--stations'" },
  { args: ["update", "--station", "QQQQ"], message: "unknown station QQQQ" },
  { args: ["update", "--from", "yesterday"], message: 'not an ISO 8601 time: "yesterday"' },
  { args: ["update", "--as-of", "2999-01-01"], message: "2999-01-01 is in the future" },
  { args: ["update", "--from", "2020-02-01", "--as-of", "2020-01-01"], message: "after the run's clock" },
  { args: ["backtest", "--from", "2020-01-01", "--to", "2020-02-01"], message: "'--station <id...>' not specified" },
  { args: ["backtest", "--station", "KATL", "--lead", "73"], message: "expected 1 to 72" },
  { args: ["serve", "--port", "http"], message: "expected 0 to 65535" },
  { args: ["serve", "--site", "/nonexistent"], message: "no site in /nonexistent" },
  { args: ["build", "--site", "s3://bucket/site"], message: "expected a path of this machine" },
  { args: ["update", "--station", "../../x"], message: "unknown station ../../X" },
  {
    args: ["checkpoint", "s3://bucket/state.tar"],
    message: "s3://bucket/state.tar is not an address that can be used",
  },
  { args: ["restore", "ftp://host/state"], message: "ftp://host/state is not an address that can be used" },
  { args: ["stations", "near", "Atlanta"], message: 'not a place: "Atlanta"' },
  { args: ["stations", "search", "no such place"], message: "no station matches" },
  { args: ["sql", "SELECT 1"], message: "manifest.json is missing" },
];

test.for(mistakes)("isotherm $args fails with a readable error", async ({ args, message }) => {
  const { code, stdout, stderr } = await run(...args);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^error: /m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("the process writes to the right streams and exits with the right code", async () => {
  const home = await temporaryFolder();
  const found = await spawnIsotherm(["stations", "near", "33.64,-84.43", "--json"], { ISOTHERM_HOME: home });
  expect(JSON.parse(found.stdout).stations[0]).toMatchObject({ stationId: "USW00013874" });
  expect(found).toMatchObject({ code: 0, stderr: expect.stringMatching(/^warning: NOAA's station list/) });
  const mistaken = await spawnIsotherm(["stations", "near", "Atlanta"], { ISOTHERM_HOME: home });
  expect(mistaken).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^error: not a place/) });
  const unknown = await spawnIsotherm(["forecast"], { ISOTHERM_HOME: home });
  expect(unknown).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("unknown command") });
});

test("--version prints the version of package.json", async () => {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  expect(await run("--version")).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("rebuild still works, is hidden and names relearn instead", async () => {
  const { code, stderr } = await run("rebuild", "--station", "QQQQ");
  expect(code).toBe(1);
  expect(stderr).toContain("warning: rebuild is deprecated: use relearn");
  expect(stderr).toContain("unknown station QQQQ");
  expect((await run("--help")).stdout).toMatch(/^ {2}relearn /m);
  expect((await run("--help")).stdout).not.toMatch(/^ {2}rebuild/m);
});

test("without a command it prints help and fails", async () => {
  const { code, stdout, stderr } = await run();
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("Usage: isotherm");
});

test("--verbose shows where an error came from", async () => {
  const { code, stderr } = await run("update", "--station", "QQQQ", "--verbose");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\s+at .*stations\.ts/m);
});

test("commands that read the store fail if there is none, and create none", async () => {
  const empty = await temporaryFolder();
  for (const args of [["status"], ["backtest", "--station", "KATL", "--from", "2020-01-01", "--to", "2020-02-01"]]) {
    const { code, stderr } = await isotherm(args, { ISOTHERM_HOME: join(empty, "home") });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `error: nothing is stored yet in ${join(empty, "home")}\n` });
  }
  const build = await isotherm(["build", "--no-update"], { ISOTHERM_HOME: join(empty, "home") });
  expect(build).toMatchObject({ code: 1, stderr: `error: nothing is published yet in ${join(empty, "home")}\n` });
});

test("a site without a station is not built; the error says why", async () => {
  const empty = await temporaryFolder();
  expect(await isotherm(["publish"], { ISOTHERM_HOME: empty })).toMatchObject({ code: 0 });
  const { code, stderr } = await isotherm(["build", "--no-update"], { ISOTHERM_HOME: empty });
  expect(code).toBe(1);
  expect(stderr).toContain(`error: no station is published in ${empty}`);
});

test("stations are found offline by text and by place, also south and west", async () => {
  const search = await run("stations", "search", "atlanta", "--json");
  expect(JSON.parse(search.stdout).stations[0]).toMatchObject({ stationId: "USW00013874", icao: "KATL" });
  const near = await run("stations", "near", "-41.3,174.8", "--json");
  expect(JSON.parse(near.stdout).stations[0]).toMatchObject({ icao: "NZWN" });
  const table = await run("stations", "near", "33.64,-84.43");
  expect(table.stdout).toMatch(/^stationId .*distanceKm\nUSW00013874 +KATL /);
  expect([search.code, near.code, table.code]).toEqual([0, 0, 0]);
});

test("a folder without the station's files is reported as such, not as unreachable", async () => {
  const empty = await temporaryFolder();
  const { code, stderr } = await isotherm(["fetch", "--station", "KATL"], {
    ISOTHERM_HOME: await temporaryFolder(),
    ISOTHERM_GHCNH: empty,
    ISOTHERM_ISD: empty,
    ISOTHERM_AWC: empty,
    ISOTHERM_NWS: empty,
  });
  expect(code).toBe(1);
  expect(stderr).toContain("error: no observations of KATL");
});
