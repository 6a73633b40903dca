import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PublishedManifest } from "../../src/shared/published/published.js";
import { isotherm, startIsotherm } from "../support/isotherm.js";
import { type LoopbackNoaa, startNoaa } from "../support/loopbackNoaa.js";
import { psv, routineRows } from "../support/psv.js";

// The README's first command, as someone meets it whose network comes back on the second day.

const genesis = Date.parse("2020-01-01T00:00Z");
const history = ["--station", "KORD", "--from", "2020-01-01", "--as-of", "2020-01-08T00:00Z"];
let home: string;
let site: string;
let noaa: LoopbackNoaa;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "isotherm-"));
  site = join(home, "site");
  noaa = await startNoaa();
  noaa.files.set(
    "access/by-year/2020/psv/GHCNh_USW00094846_2020.psv",
    psv("USW00094846", routineRows(genesis, 7 * 24)),
  );
});
afterAll(async () => {
  await noaa.close();
  rmSync(home, { recursive: true, force: true });
});

const banner = "Simulated weather: NOAA could not be reached";

function textOf(html: string): string {
  return html.replace(/<[^>]+>/g, "");
}

function pagesOfSite(): { name: string; text: string }[] {
  const names = readdirSync(site).filter((name) => name.endsWith(".html"));
  return names.map((name) => ({ name, text: textOf(readFileSync(join(site, name), "utf8")) }));
}

function isSimulated(): boolean {
  return PublishedManifest.parse(JSON.parse(readFileSync(join(home, "published", "manifest.json"), "utf8"))).simulated;
}

test("start without NOAA says so, simulates, serves, and every page carries the banner", async () => {
  const child = startIsotherm(["start", ...history, "--site", site, "--port", "0"], {
    ISOTHERM_HOME: home,
    CI: "true",
  });
  try {
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += chunk));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout!.once("data", (chunk) =>
        resolve(/^isotherm is at (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(chunk)![1]!),
      );
      child.once("close", () => reject(new Error(`start ended: ${stderr}`)));
    });
    expect(stderr).toContain("continuing with simulated weather");
    expect(textOf(await (await fetch(url)).text())).toContain(banner);
  } finally {
    child.kill();
  }
  expect(isSimulated()).toBe(true);
  expect(pagesOfSite().length).toBeGreaterThanOrEqual(3);
  for (const { name, text } of pagesOfSite()) expect(text, name).toContain(banner);
}, 120_000);

test("update and a build under CI publish no simulated weather, also where some is stored", async () => {
  for (const args of [
    ["update", ...history],
    ["build", ...history, "--site", site],
  ]) {
    const { code, stderr } = await isotherm(args, { ISOTHERM_HOME: home, CI: "true" });
    expect(code).toBe(1);
    expect(stderr).toContain("error: NOAA could not be reached, and no observations are stored");
  }
}, 120_000);

test("with NOAA back nothing simulated is left, and a build goes on with what is stored when it is gone again", async () => {
  const env = { ISOTHERM_HOME: home, CI: "true" };
  const updated = await isotherm(["update", ...history], { ...env, ISOTHERM_GHCNH: noaa.url });
  expect(updated.code, updated.stderr).toBe(0);
  expect(isSimulated()).toBe(false);
  const { code, stderr } = await isotherm(["build", ...history, "--site", site], env);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("site built in");
  expect(isSimulated()).toBe(false);
  for (const { name, text } of pagesOfSite()) expect(text, name).not.toContain("Simulated weather");
}, 120_000);
