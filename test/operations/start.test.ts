import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { PublishedManifest } from "../../src/shared/published/published.js";
import { buildSite } from "../../src/site/site.js";
import { isotherm, startIsotherm } from "../support/isotherm.js";
import { type LoopbackNoaa, startNoaa } from "../support/loopbackNoaa.js";
import { psv, routineRows } from "../support/psv.js";

// The README's first command, as someone meets it whose network comes back on the second day.

// Only `start`, which is a process of its own, builds pages.
vi.mock("../../src/site/site.js", async (original) => ({
  ...(await original<typeof import("../../src/site/site.js")>()),
  buildSite: vi.fn(),
}));

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

function pagesOfSite(): { name: string; html: string }[] {
  const names = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  return names.map((name) => ({ name, html: readFileSync(join(site, name), "utf8") }));
}

function isSimulated(): boolean {
  return PublishedManifest.parse(JSON.parse(readFileSync(join(home, "published", "manifest.json"), "utf8"))).simulated;
}

test("start without NOAA says so, simulates and serves, and every page says that it is simulated and of a past time", async () => {
  const child = startIsotherm(["start", ...history, "--site", site, "--port", "0"], {
    ISOTHERM_HOME: home,
    ISOTHERM_SITE: "https://example.org/weather",
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
    expect(await (await fetch(url)).text()).toBe(readFileSync(join(site, "index.html"), "utf8"));
  } finally {
    child.kill();
  }
  expect(isSimulated()).toBe(true);
  const pages = pagesOfSite();
  expect(pages.map(({ name }) => name)).toEqual(expect.arrayContaining(["index.html", "station/KORD.html"]));
  for (const { name, html } of pages) {
    expect(html, name).toContain("<strong>Simulated weather:</strong> NOAA could not be reached");
    expect(html, name).toMatch(
      /<strong>As of <time datetime="2020-01-08T00:00:00.000Z">Wed 8 Jan 2020 00:00 UTC<\/time>:<\/strong> this site was built/,
    );
    expect(html, name).toContain('<meta name="as-of" content="2020-01-08T00:00:00.000Z">');
    expect(html.replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, ""), name).not.toMatch(/\bstale\b/i);
  }
  const [station] = pages.filter(({ name }) => name === "station/KORD.html");
  expect(station!.html).toContain('content="https://example.org/weather/');
  expect(station!.html).toContain("Newest observation Tue 7 Jan 2020 18:00 CST");
  expect(JSON.parse(readFileSync(join(site, "status.json"), "utf8"))).toMatchObject({ isPast: true });
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
  vi.mocked(buildSite).mockImplementation(async () => void expect(isSimulated()).toBe(false));
  const { code, stderr } = await isotherm(["build", ...history, "--site", site], env);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("site built in");
  expect(vi.mocked(buildSite).mock.calls).toEqual([[{ home, outDir: site }]]);
}, 120_000);
