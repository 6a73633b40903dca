import { createHash } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test, vi } from "vitest";
import { isoHour } from "../../../src/components/forecast/forecastInputs.js";
import { forecastFromReplay } from "../../../src/components/forecast/forecastReplay.js";
import type { IssuedForecast } from "../../../src/components/forecast/issuedForecast.js";
import { forecastFromRows, type StoredForecastRow } from "../../../src/components/forecast/storedForecast.js";
import { type LearnedGuidanceRow, learnedHours } from "../../../src/components/replay/learnedHours.js";
import { replayContext } from "../../../src/components/replay/replayContext.js";
import { replayRequest } from "../../../src/components/replay/replayRun.js";
import { parquetRows } from "../../../src/components/ui/parquetRows.js";
import { formatNumber, formatTemperature } from "../../../src/components/ui/units.js";
import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { regressionWeights } from "../../../src/model/forecaster/regressionWeights.js";
import { ewmaeTrace, TracedReplay } from "../../../src/model/forecaster/tracedReplay.js";
import { slowRate } from "../../../src/model/scores/ewmae.js";
import { expertNames, reportedLeads } from "../../../src/model/vocabulary.js";
import { digestSnapshot } from "../../../src/pipeline/train/snapshotFile.js";
import type { EwmaePoint } from "../../../src/shared/published/stationEvaluation.js";
import type { StationForecast } from "../../../src/shared/published/stationForecast.js";
import type { StationModel } from "../../../src/shared/published/stationModel.js";
import { hourMs } from "../../../src/shared/time.js";
import { axeFindings } from "../../support/axeFindings.js";
import { fixtureSite } from "../../support/fixtureSite.js";
import { serveCached } from "../../support/serveCached.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { trainedPlaces, writeTrainedHome } from "../../support/trainedHome.js";
import { choose, visit } from "../../support/visit.js";

/** The fixture's pages over the API of stations that were trained. */
const [home, dir] = [await temporaryFolder(), await temporaryFolder()];
// There is no page in Node, from which the site's address is known.
vi.mock("../../../src/components/ui/fetchApi.js", () => ({
  siteAddress: (path: string) => pathToFileURL(join(dir, path)).href,
}));
await writeTrainedHome(home);
await cp(fixtureSite.dir, dir, { recursive: true });
for (const name of ["api", "feed.json", "status.json"])
  await cp(join(home, "published", name), join(dir, name), { recursive: true });
const site = await serveCached(dir);
afterAll(() => site.close());

const open = (address: string, look: (page: Page) => Promise<void>) => visit(address, look, { site: site.url });
const apiFile = (key: string, name: string) => readFile(join(dir, "api", key, name));
const modelOf = async (key: string) => JSON.parse((await apiFile(key, "model.json")).toString()) as StationModel;
const forecastFile = async (key: string) =>
  JSON.parse((await apiFile("", `${key}.json`)).toString()) as StationForecast;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A replay in Node of the files that the browser gets. */
async function replayInNode(key: string, options?: ForecasterOptions, lastTime?: number) {
  const data = await modelOf(key);
  const period = { firstTime: data.station.genesisTime!, lastTime: lastTime ?? data.snapshots.at(-1)!.throughTime };
  const request = replayRequest(data, { options: options ?? data.options, usesPrior: false }, period);
  const bytes = async (address: string) => new Uint8Array(await readFile(new URL(address))).buffer;
  const guidance = request.guidanceAddress === null ? null : await bytes(request.guidanceAddress);
  const hours = await learnedHours(await bytes(request.address), guidance, period);
  const replay = new TracedReplay(request.options, hours, await replayContext(request, bytes));
  replay.advance(replay.hours);
  return { replay, stateDigest: sha256(replay.forecaster.serialize()) };
}

const replaysInNode = new Map<string, ReturnType<typeof replayInNode>>();
/** The same, once for each choice. */
function inNode(...choice: Parameters<typeof replayInNode>): ReturnType<typeof replayInNode> {
  const key = JSON.stringify(choice);
  const replay = replaysInNode.get(key) ?? replayInNode(...choice);
  replaysInNode.set(key, replay);
  return replay;
}

const outcome = (page: Page) => page.locator(".replay-outcome").textContent();
/** Starts a replay with its button and waits for the outcome. */
async function replayed(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Replay" }).click();
  await expect.poll(() => outcome(page), { timeout: 60_000 }).toMatch(/The digest of its final state is/);
  return (await outcome(page))!;
}

const changed: ForecasterOptions = {
  lags: [0, 1, 2, 24, 47],
  delta: 0.5,
  forgetting: 0.999,
  experts: expertNames.filter((name) => !["sgd", "rlsTanh", "hourlyRls"].includes(name)),
};

test("a replay shows any ε and lead, and replays the published model to compare", () =>
  open("model?station=VABB", async (page) => {
    const { options, station } = await modelOf("VABB");
    const settings = { ...options, lags: [0, 1, 24] };
    const [own, published] = [await inNode("VABB", settings), await inNode("VABB")];
    await page.getByRole("textbox", { name: /^Lags/ }).fill("0, 1, 24");
    await page.getByRole("textbox", { name: /^ε/ }).fill("0.02");
    await page.getByRole("combobox", { name: "Hours ahead" }).last().selectOption("6");
    await replayed(page);
    const place = own.replay.hours - 1;
    const errors = [own, published].map(({ replay }) => {
      const [point] = ewmaeTrace(replay.errors, reportedLeads.indexOf(6), 0.02, [place]);
      return point!;
    });
    const table = page.getByRole("region", { name: "Your replay and the published model" });
    await expect
      .poll(() => table.getByRole("row", { name: /^6 h/ }).locator("td").allInnerTexts())
      .toEqual([
        String(errors[0]!.n),
        ...errors.map(({ ewmae }) => ewmae.toFixed(3)),
        expect.stringMatching(/^[+−]?0\.\d{3}$/),
      ]);
    const label = page.getByRole("img", { name: /^EWMAE 6 hours ahead, ε = 0.02/ });
    await expect.poll(() => label.getAttribute("aria-label")).toContain(`your replay ${errors[0]!.ewmae.toFixed(2)}`);
    await expect
      .poll(() => label.getAttribute("aria-label"))
      .toContain(`published model ${errors[1]!.ewmae.toFixed(2)}`);
    const parameters = new URL(page.url()).searchParams;
    expect(["lags", "epsilon", "replaylead"].map((name) => parameters.get(name))).toEqual(["0,1,24", "0.02", "6"]);
    expect(station.genesisTime).not.toBeNull();
  }));

test("a snapshot whose state is not stored can be learned again", () =>
  open("model?station=VABB", async (page) => {
    const data = await modelOf("VABB");
    const snapshot = data.snapshots.find(({ kept }) => !kept)!;
    await page.locator(`.timeline input[value="${snapshot.snapshotId}"]`).check();
    await page.getByText("The state of this snapshot is not stored any more.").waitFor();
    await page.getByRole("button", { name: "Learn it again" }).click();
    const verdict = page.getByText("The state is identical to that of this snapshot.");
    await verdict.waitFor({ timeout: 60_000 });
    const { replay } = await inNode("VABB", data.options, snapshot.throughTime);
    const { features, leads, rows } = regressionWeights(replay.forecaster)!.temperature;
    await page.getByText("The weights as a table").click();
    const table = page.getByRole("region", { name: "The weights" });
    for (const lag of [0, 24]) {
      const row = rows[features.indexOf(`T₋${lag}`)]!;
      const cells = reportedLeads.filter((lead) => leads.includes(lead)).map((lead) => row[leads.indexOf(lead)]!);
      const shown = await table
        .getByRole("row", { name: new RegExp(`^T−${lag} `) })
        .locator("td")
        .allInnerTexts();
      expect(shown, String(lag)).toEqual(cells.map((weight) => formatNumber(weight, 3)));
    }
    // It is not replayed again when it is chosen again. The newest snapshot has a stored state.
    const newest = page.locator(".timeline input").last();
    await newest.check();
    await expect.poll(() => page.getByRole("button", { name: "Learn it again" }).count()).toBe(0);
    await page.locator(`.timeline input[value="${snapshot.snapshotId}"]`).check();
    await verdict.waitFor();
    await page.getByRole("img", { name: /^Weights of \d+ lags/ }).waitFor();
  }));

test("a replay of the hours before a stored forecast ends with that forecast", async () => {
  const data = await forecastFile("KATL");
  const rows = await parquetRows<StoredForecastRow>(new Uint8Array(await apiFile("KATL", "issues.parquet")).buffer);
  const guidance = await parquetRows<LearnedGuidanceRow>(
    new Uint8Array(await apiFile("KATL", "guidance.parquet")).buffer,
  );
  const time = data.issues.at(-30)!;
  const { replay } = await inNode("KATL", undefined, time);
  const columns = { values: replay.issued, quantiles: replay.forecaster.quantiles, guidance: replay.guidance };
  const stored = forecastFromRows(rows, guidance, data, time)!;
  // Parquet's dictionaries do not distinguish 0 and -0.
  const written = (forecast: IssuedForecast | null) => JSON.parse(JSON.stringify(forecast));
  expect(written(forecastFromReplay(columns, data.observed, time))).toEqual(written(stored));
  for (const source of ["nbm", "nws"]) {
    const own = stored.baselines.find(({ model, variable }) => model === source && variable === "temperature")!;
    expect(own.valueC.filter((value) => value !== null)).toHaveLength(72);
  }
  expect(stored.hours.dewPoint[71]!.p10).not.toBeNull();
});

test("a forecast older than the stored ones is recomputed with the later observations, unless the reader cancels", () =>
  open("?station=VABB", async (page) => {
    const { station, issues } = await forecastFile("VABB");
    const hours = await parquetRows<{ validTime: Date; temperatureC: number | null }>(
      new Uint8Array(await apiFile("VABB", "hours.parquet")).buffer,
    );
    const observed = hours.filter(({ temperatureC }) => temperatureC !== null);
    const time = observed.map((row) => row.validTime.getTime()).find((t) => t > station.genesisTime! + 100 * hourMs)!;
    expect(time).toBeLessThan(issues[0]!);
    const name = new Date(time).toISOString().slice(0, 16);
    // As a reader types: month, day, year, hour.
    const [, year, month, day, hours24] = /(\d+)-(\d+)-(\d+)T(\d+)/.exec(name)!;
    const clock = Number(hours24) % 12 || 12;
    await page.locator("input[type=datetime-local]").focus();
    await page.keyboard.type(`${month}${day}${year}`);
    await page.keyboard.type(`${String(clock).padStart(2, "0")}00${Number(hours24) < 12 ? "A" : "P"}`);
    await page.keyboard.press("Enter");
    await page.getByText("no longer stored").waitFor({ timeout: 60_000 });
    expect(new URL(page.url()).searchParams.get("issued")).toBe(`${name}Z`);
    await page.getByText(/Forecast issued .*: mean error/).waitFor();
    const { replay } = await inNode("VABB", undefined, time);
    await page.getByText("The forecast as a table").click();
    const cells = page
      .getByRole("region", { name: "The forecast", exact: true })
      .locator("tbody tr")
      .nth(23)
      .locator("td");
    await expect.poll(() => cells.nth(1).innerText()).toBe(formatTemperature(replay.issued[23]!, "C"));
    // Another zone or unit does not start another replay.
    await choose(page, "UTC");
    await page.getByText("no longer stored").waitFor();
    expect(await page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
    // Cancelling shows the newest forecast. It is done at once, before the replay can end.
    await page.evaluate(() => {
      new MutationObserver((_, observer) => {
        const cancel = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Cancel");
        if (!cancel) return;
        observer.disconnect();
        cancel.click();
      }).observe(document.body, { childList: true, subtree: true });
      const field = document.querySelector<HTMLInputElement>("input[type=datetime-local]")!;
      field.value = field.min;
      field.dispatchEvent(new Event("blur"));
    });
    await expect.poll(() => new URL(page.url()).searchParams.get("issued")).toBeNull();
    await page.getByText("(newest)").waitFor();
  }));

test("axe finds no problem after a replay, with an invalid input, and with an older forecast", async () => {
  await open("model?station=VABB", async (page) => {
    await replayed(page);
    const service = page.getByRole("checkbox", { name: "weather service", exact: true });
    await service.uncheck();
    await page.getByText("Can’t replay: “weather service, corrected” needs “weather service”.").waitFor();
    await service.check();
    await page.getByRole("textbox", { name: /^Lags/ }).fill("0, 1, 2000");
    await page.getByText("Can’t replay").waitFor();
    await page.locator(".timeline input:not(.kept)").first().check();
    await page.getByRole("button", { name: "Learn it again" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
  const { issues } = await forecastFile("VABB");
  await open(`?station=VABB&issued=${isoHour(issues[0]! - hourMs)}`, async (page) => {
    await page.getByText(/no longer stored|no temperature was observed/).waitFor({ timeout: 60_000 });
    expect(await axeFindings(page)).toEqual([]);
  });
});

test("a replay can be cancelled and started again, and its progress bar goes from 0 to 1 every time", () =>
  open("model?station=VABB", async (page) => {
    const cancel = page.getByRole("button", { name: "Cancel" });
    const bar = page.getByRole("progressbar", { name: "Hours replayed" });
    expect(await cancel.isDisabled()).toBe(true);
    // Both clicks at once, before the replay can end.
    await page.evaluate(() => {
      for (const name of ["Replay", "Cancel"])
        [...document.querySelectorAll("button")].find((button) => button.textContent === name)!.click();
    });
    await expect.poll(() => outcome(page)).toBe("Cancelled.");
    expect(await cancel.isDisabled()).toBe(true);
    expect(await replayed(page)).toContain("exactly the state");
    expect(await bar.getAttribute("value")).toBe("1");
    await page.getByRole("textbox", { name: /^Lags/ }).fill("0, 1, 24");
    await bar.evaluate((element: HTMLProgressElement) => {
      const shown: number[] = [];
      Object.assign(window, { shown });
      new MutationObserver(() => shown.push(element.value)).observe(element, { attributes: true });
    });
    await replayed(page);
    const shown = await page.evaluate(() => (window as unknown as { shown: number[] }).shown);
    expect(shown[0]).toBe(0);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    expect(shown.at(-1)).toBe(1);
  }));

describe.each(trainedPlaces)("the replay of $icao in the browser", ({ icao, guidance }) => {
  test("with the published settings ends in the published state, to the bit", () =>
    open(`model?station=${icao}`, async (page) => {
      const data = await modelOf(icao);
      expect([data.guidanceRuns > 0, data.options.network === true]).toEqual([guidance, guidance]);
      const { snapshotId, configDigest, hoursDigest } = data.snapshots.at(-1)!;
      const node = await inNode(icao);
      expect(digestSnapshot(configDigest, hoursDigest, node.stateDigest)).toBe(snapshotId);
      const text = await replayed(page);
      expect(text).toContain(`The digest of its final state is ${node.stateDigest}`);
      expect(text).toContain(`This is exactly the state of snapshot ${snapshotId}.`);
    }));

  test("with other settings, among them no network, equals Node's with the same settings", () =>
    open(`model?station=${icao}`, async (page) => {
      const { options } = await modelOf(icao);
      const settings = { ...options, ...changed, network: false, longitude: 0 };
      const { replay, stateDigest } = await inNode(icao, settings);
      await page.getByRole("textbox", { name: "Lags of temperature" }).fill(changed.lags!.join(" "));
      await page.getByRole("textbox", { name: /^δ/ }).fill("0,5");
      await page.getByRole("textbox", { name: /^λ/ }).fill("0.999");
      for (const name of ["SGD (original demo)", "RLS by hour", "RLS + tanh"])
        await page.getByRole("group", { name: "Experts" }).getByRole("checkbox", { name }).uncheck();
      if (options.network) await page.getByRole("checkbox", { name: "(the network)" }).uncheck();
      const text = await replayed(page);
      expect(text).toContain(`The digest of its final state is ${stateDigest}`);
      expect(text).not.toContain("state of snapshot");
      // The table shows the last hour with a stored EWMAE.
      const { station } = await modelOf(icao);
      const history = await parquetRows<EwmaePoint>(new Uint8Array(await apiFile(icao, "ewmaeHistory.parquet")).buffer);
      const newest = history.findLast(({ variable, leadHours }) => variable === "temperature" && leadHours === 24)!;
      const place = (newest.time.getTime() - station.genesisTime!) / hourMs;
      const [point] = ewmaeTrace(replay.errors, reportedLeads.indexOf(24), slowRate, [place]);
      const cells = await page
        .getByRole("region", { name: "Your replay and the published model" })
        .getByRole("row", { name: /^24 h/ })
        .locator("td")
        .allInnerTexts();
      expect(cells.slice(0, 3)).toEqual([String(point!.n), point!.ewmae.toFixed(3), newest.validationSlow.toFixed(3)]);
    }));
});
