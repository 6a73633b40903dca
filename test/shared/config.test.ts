import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readableSources } from "../../src/data/http/readableSources.js";
import { loadConfig } from "../../src/pipeline/loadConfig.js";
import { parseTime, systemClock } from "../../src/shared/clock.js";
import { parseConfig } from "../../src/shared/config.js";

const sources = {
  ghcnh: ["https://one.example/hourly"],
  isd: ["https://one.example/"],
  awc: ["https://two.example/"],
  nws: ["https://three.example/"],
};
const minimal = { stations: [{ id: "USW00013874", icao: "KATL" }], sources };

describe("config", () => {
  it("loads the valid file of the deployment, with about ten stations", async () => {
    const config = await loadConfig({ env: {} });
    expect(config.stations.length).toBeGreaterThanOrEqual(10);
    expect(config.stations.map((station) => station.icao)).toEqual(
      expect.arrayContaining(["KATL", "KJFK", "KORD", "KDEN", "KSEA", "KPHX", "KMIA", "KMSP", "KBOS", "PANC"]),
    );
    expect(config.network).toEqual({ within: expect.any(Number), max: expect.any(Number) });
    expect(config.sources.ghcnh[0]).toBe("https://noaa-ghcnh-pds.s3.amazonaws.com/hourly/");
    expect(config.sources.nbm).toHaveLength(2);
  });

  it("is overridden by environment variables; a URL gets a final slash, a folder becomes absolute", () => {
    const config = parseConfig(minimal, {
      ISOTHERM_GHCNH: "somewhere/noaa",
      ISOTHERM_HOME: "state",
      ISOTHERM_ISD: " ",
    });
    expect(config.home).toBe(resolve("state"));
    expect(config.sources.ghcnh).toEqual([resolve("somewhere/noaa")]);
    expect(config.sources.isd).toEqual(["https://one.example/"]);
    expect(parseConfig(minimal).sources.ghcnh).toEqual(["https://one.example/hourly/"]);
    // Older configurations do not name it.
    expect(parseConfig(minimal).sources.nbm).toEqual([]);
    expect(parseConfig(minimal, { ISOTHERM_NBM: "http://five.example" }).sources.nbm).toEqual(["http://five.example/"]);
    expect(parseConfig(minimal).home).toBe(resolve(".isotherm"));
  });

  it("reports all mistakes in one readable error", () => {
    const broken = { stations: [{ id: "KATL" }], sources, genesis: "soon", extra: 1 };
    expect(() => parseConfig(broken)).toThrow(
      /config\.ts is not valid.*extra.*genesis.*GHCNh id of 11.*stations\[0\]\.id/s,
    );
    const contradicting = { ...minimal, stations: [{ id: "USW00013897", icao: "KSEA", name: "Seattle" }] };
    expect(() => parseConfig(contradicting)).toThrow(/USW00013897 is KBNA, not KSEA.*stations\[0\]\.icao/s);
    const halfPlaced = { ...minimal, stations: [{ id: "USW00099999", latitude: 1 }] };
    expect(() => parseConfig(halfPlaced)).toThrow("latitude and longitude, or neither");
    const twice = { ...minimal, stations: [...minimal.stations, ...minimal.stations] };
    expect(() => parseConfig(twice)).toThrow(/each station only once/);
  });

  it("takes a threshold of heat for a station, in °C", () => {
    const withHeat = (heatC: unknown) =>
      parseConfig({ ...minimal, stations: [{ id: "USW00013897", heatC }] }).stations[0];
    expect([withHeat(31.5)?.heatC, withHeat(undefined)?.heatC]).toEqual([31.5, undefined]);
    for (const wrong of ["hot", 90, null]) expect(() => withHeat(wrong)).toThrow(/stations\[0\]\.heatC/);
  });

  it("has no network unless it is set", () => {
    expect(parseConfig(minimal).network).toBeNull();
    for (const network of [[{ id: "USW00094789", icao: "KJFK" }], { within: 1500, max: 45 }]) {
      expect(parseConfig({ ...minimal, network }).network).toEqual(network);
    }
  });

  it.each([
    ["all", /expected null, a list of stations, or \{ within: km.*network/s],
    [{ within: 1500 }, /expected null, a list of stations, or \{ within: km.*network/s],
    [{ within: 0, max: 45 }, /expected number to be >0.*network\.within/s],
    [[{ id: "KJFK" }], /GHCNh id of 11.*network\[0\]\.id/s],
    [[...minimal.stations, ...minimal.stations], /each station only once.*network/s],
  ])("says what is wrong with the network %j", (network, message) => {
    expect(() => parseConfig({ ...minimal, network })).toThrow(message);
  });
});

describe("readable sources", () => {
  it.each([
    "ftp://ftp.ncdc.noaa.gov/",
    "s3://noaa-ghcnh-pds/hourly/",
    `file://${process.cwd()}`,
    "htps://x/",
    "http://",
    "https://:8080/",
    "http:/one.example",
    "https://one.example:99999/",
  ])("leave out the address %s, with a problem that names its setting", (address) => {
    const { sources: readable, problems } = readableSources(parseConfig(minimal, { ISOTHERM_GHCNH: address }));
    expect(readable).toEqual({ ...parseConfig(minimal).sources, ghcnh: [] });
    expect(problems.ghcnh).toEqual([expect.stringMatching(/^ISOTHERM_GHCNH: .* is not an address that can be read/)]);
    expect(problems.ghcnh[0]).toContain(address);
    const other = { ...minimal, sources: { ...sources, isd: [address, "https://one.example/"] } };
    expect(readableSources(parseConfig(other)).sources.isd).toEqual(["https://one.example/"]);
    expect(readableSources(parseConfig(other)).problems.isd[0]).toMatch(/^sources\.isd in isotherm\.config\.ts: /);
  });

  it("leave out a missing folder and a file", () => {
    const missing = readableSources(parseConfig(minimal, { ISOTHERM_AWC: "/nonexistent/noaa" }));
    expect(missing.problems.awc).toEqual([expect.stringContaining("ISOTHERM_AWC: no such folder: /nonexistent/noaa")]);
    const file = readableSources(parseConfig(minimal, { ISOTHERM_NWS: "package.json" }));
    expect(file.problems.nws).toEqual([expect.stringMatching(/package\.json is not a folder/)]);
    expect(readableSources(parseConfig(minimal, { ISOTHERM_NWS: "test" })).problems.nws).toEqual([]);
  });

  it("never show a password in a problem", () => {
    for (const address of ["ftp://user:secret@one.example/", "https://user:secret@one.example:99999/"]) {
      const [problem] = readableSources(parseConfig(minimal, { ISOTHERM_ISD: address })).problems.isd;
      expect(problem).toMatch(/^ISOTHERM_ISD: .*one\.example/);
      expect(problem).not.toContain("secret");
    }
  });

  it("may be URLs, but a home may not", () => {
    expect(() => parseConfig(minimal, { ISOTHERM_HOME: "s3://bucket/home" })).toThrow(
      "ISOTHERM_HOME: s3://bucket/home",
    );
    expect(() => parseConfig({ ...minimal, home: "file:///home" })).toThrow("expected a folder of this machine");
  });
});

describe("clock", () => {
  it("is fixed at the given time, UTC unless it names a zone", () => {
    const clock = systemClock("2020-12-31T23:00");
    expect(clock.now()).toBe(Date.UTC(2020, 11, 31, 23));
    expect(clock.replaying).toBe(true);
    expect(parseTime("2020-12-31")).toBe(Date.UTC(2020, 11, 31));
    expect(parseTime("2021-01-01T01:30:15+02:00")).toBe(Date.UTC(2020, 11, 31, 23, 30, 15));
  });

  it("follows the real time otherwise", () => {
    const clock = systemClock();
    expect(clock.replaying).toBe(false);
    expect(clock.now()).toBeGreaterThan(Date.UTC(2024, 0, 1));
  });

  it.each(["yesterday", "2020-13-01", "2021-02-30", "2020-01-01T25:00", "", "1577836800000"])("rejects %j", (text) => {
    expect(() => systemClock(text)).toThrow(/not an ISO 8601 time/);
  });

  it("rejects a future time", () => {
    expect(() => systemClock("9999-01-01")).toThrow(/in the future/);
  });
});
