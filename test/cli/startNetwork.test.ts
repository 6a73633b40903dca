import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { runCli } from "../../src/cli/cli.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

// Only what start does and when: building and serving are stand-ins.

const genesis = "2020-02-24T12:00Z";
const asOf = "2020-02-26T12:09Z";
const config = vi.hoisted(() => ({
  stations: [{ id: "USW00094846", icao: "KORD" }],
  network: [{ id: "USW00094789", icao: "KJFK" }],
  sources: { ghcnh: ["nowhere"], isd: ["nowhere"], awc: ["nowhere"], nws: ["nowhere"] },
}));
vi.mock("../../isotherm.config.js", () => ({ default: config }));

const steps: string[] = [];
vi.mock("../../src/site/site.js", () => ({
  checkOutputFolder() {},
  buildSite: async ({ outDir }: { outDir: string }) => {
    mkdirSync(outDir, { recursive: true });
    writeFileSync(join(outDir, "index.html"), "");
    steps.push(noaa.log.some(({ path }) => path.includes("USW00094789")) ? "build with the network" : "build");
  },
  serveSite: async () => {
    steps.push("serve");
    return { url: "http://127.0.0.1/" };
  },
}));

let noaa: ReplayNoaa;
let site: string;
beforeAll(async () => {
  noaa = await startReplay(
    [replayedWeather("KORD", Date.parse(genesis), 60), replayedWeather("KJFK", Date.parse(genesis), 60)],
    Date.parse(asOf),
  );
  const home = await temporaryFolder();
  site = join(home, "site");
  vi.stubEnv("ISOTHERM_HOME", home);
  for (const name of ["GHCNH", "ISD", "AWC", "NWS"]) vi.stubEnv(`ISOTHERM_${name}`, noaa.url);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  steps.length = 0;
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await noaa.close();
});

test("start serves a first site before it fetches the network, and later fetches both at once", async () => {
  const start = ["start", "--from", genesis, "--as-of", asOf, "--site", site];
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = signals.map((signal) => process.listeners(signal));
  await runCli(start);
  expect(steps).toEqual(["build", "serve", "build with the network"]);
  // The server must end on a signal.
  for (const [i, signal] of signals.entries()) {
    const added = process.listeners(signal).filter((listener) => !before[i]!.includes(listener));
    expect(added).toHaveLength(1);
    process.off(signal, added[0]!);
  }
  steps.length = 0;
  await runCli(start);
  expect(steps).toEqual(["build with the network", "serve"]);
  expect(process.exitCode).toBeUndefined();
}, 60_000);
