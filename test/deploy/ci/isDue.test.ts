import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test, vi } from "vitest";
import { type CiSettings, ciSettings } from "../../../src/deploy/ci/ciSettings.js";
import { checkDue, isDone } from "../../../src/deploy/ci/isDue.js";
import { findSite } from "../../../src/deploy/ci/servedSite.js";
import { parseConfig } from "../../../src/shared/config.js";
import { hourMs, minuteMs } from "../../../src/shared/time.js";
import { startGithub } from "../../support/github.js";
import { deadServer, isotherm } from "../../support/isotherm.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const hour = Date.parse("2026-03-09T18:00:00Z");
const minutes = (n: number) => n * minuteMs;
const hours = (n: number) => n * hourMs;
const config = parseConfig({
  stations: [{ id: "USW00013874", icao: "KATL" }, { id: "AYM00089009" }],
  sources: { ghcnh: ["a"], isd: ["a"], awc: ["a"], nws: ["a"] },
});

function siteOf(asOf: number, ...times: [observed: number | null, issued: number | null, due?: number][]) {
  const keys = ["KATL", "AYM00089009", "KORD"];
  const stations = times.map(([newestObservedTime, newestIssuedTime, dueTime], i) => ({
    key: keys[i]!,
    newestObservedTime,
    dueTime,
    newestIssuedTime,
  }));
  return { buildId: "one", asOf, dataThrough: null, stations };
}

describe("an hour is done", () => {
  const now = hour + minutes(39);
  const isDoneWith = (...args: Parameters<typeof siteOf>) => isDone(siteOf(...args), config, now);

  it("if the site was built in it with a forecast from it for every station", () => {
    expect(isDoneWith(hour + minutes(9), [hour, hour], [hour, hour])).toBe(true);
  });
  it("not if the site is from the hour before", () => {
    expect(isDoneWith(hour - minutes(1), [hour, hour], [hour, hour])).toBe(false);
  });
  it("not if a station's report had not arrived", () => {
    expect(isDoneWith(hour + minutes(9), [hour, hour], [hour - hours(1), hour - hours(1)])).toBe(false);
  });
  it("if no report is due from a station that reports every three hours, or only by day", () => {
    const two = hour - hours(2);
    expect(isDoneWith(hour + minutes(9), [hour, hour], [two, two, hour + hours(1)])).toBe(true);
    expect(isDoneWith(hour + minutes(9), [hour, hour], [two, two - hours(3), hour + hours(1)])).toBe(false);
    expect(isDoneWith(hour + minutes(9), [hour, hour], [hour - hours(3), hour - hours(3), hour])).toBe(false);
    expect(isDoneWith(hour + minutes(9), [hour, hour], [hour - hours(12), hour - hours(12), hour])).toBe(false);
    expect(isDoneWith(hour + minutes(9), [hour, hour], [hour - hours(12), hour - hours(12), two - hours(4)])).toBe(
      true,
    );
  });
  it("whatever stations do that have been silent for long or never reported", () => {
    expect(isDoneWith(hour + minutes(9), [hour, hour], [hour - hours(7), hour - hours(7)])).toBe(true);
    expect(isDoneWith(hour + minutes(9), [hour, hour], [null, null])).toBe(true);
  });
  it("not if a station was added to the configuration since", () => {
    expect(isDoneWith(hour + minutes(9), [hour, hour])).toBe(false);
  });
  it("not if the site claims to be from the future", () => {
    expect(isDoneWith(now + minutes(1), [hour, hour], [hour, hour])).toBe(false);
  });
});

test("the command sets outputs for later steps: whether a run is due, and the site", async () => {
  const folder = await temporaryFolder();
  const [output, home] = [join(folder, "output"), join(folder, "home")];
  const env = { GITHUB_OUTPUT: output, ISOTHERM_HOME: home, ISOTHERM_SITE: deadServer, GITHUB_EVENT_NAME: "schedule" };
  expect(await isotherm(["ci", "due"], env)).toMatchObject({ code: 0 });
  expect(await readFile(output, "utf8")).toBe(`due=true\nsite=${deadServer}\nobserved=\n`);
});

describe("a run is due", () => {
  const settings = ciSettings({ ISOTHERM_SITE: deadServer });
  const isDue = async (changed: Partial<CiSettings>) =>
    (await checkDue({ ...settings, ...changed }, config, { now: hour })).due;

  it("if started by hand, if the site does not answer, and if GitHub does not return its address", async () => {
    expect(await isDue({ event: "workflow_dispatch" })).toBe(true);
    expect(await isDue({ event: "schedule" })).toBe(true);
    expect(await isDue({ event: "schedule", site: null })).toBe(true);
  });
});

test("GitHub knows the address of the site and its domain, unless Pages is off or the token may not ask", async () => {
  const github = await startGithub();
  for (const [name, value] of Object.entries(github.env)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    github.close();
  });
  const asking = ciSettings({ GITHUB_REPOSITORY: "octo/weather" });
  expect(await findSite(asking)).toBeNull();
  github.set("pages", { html_url: "https://octo.github.io/weather", cname: null });
  expect(await findSite(asking)).toEqual({ url: "https://octo.github.io/weather/", domain: null });
  github.set("pages", { html_url: "https://weather.example/", cname: "weather.example" });
  expect(await findSite(asking)).toEqual({ url: "https://weather.example/", domain: "weather.example" });
  // The branch must keep the domain of a site that the settings name.
  const named = { ...asking, site: "https://proxy.example/weather/" };
  expect(await findSite(named)).toEqual({ url: named.site, domain: "weather.example" });
  github.set("pages", "Resource not accessible by integration (HTTP 403)");
  expect(await findSite(named)).toEqual({ url: named.site, domain: null });
  await expect(findSite(asking)).rejects.toThrow(/let the token read pages, or set ISOTHERM_SITE[\s\S]*HTTP 403/);
});

test("settings come from the environment", () => {
  expect(ciSettings({ GITHUB_REPOSITORY: "octo/weather", ISOTHERM_COLD_START: "true" })).toMatchObject({
    remote: { url: "https://github.com/octo/weather.git" },
    coldStart: true,
  });
  expect(ciSettings({ ISOTHERM_COLD_START: "false" }).coldStart).toBe(false);
});
