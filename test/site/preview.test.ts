import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { Dictionary } from "../../src/shared/published/dictionary.js";
import { forecastCsv } from "../../src/shared/published/forecastCsv.js";
import { fixtureApi } from "../support/fixtureApi.js";
import { finishPublished } from "../support/publishedFixture/finishPublished.js";

/** A port that is free now, because the preview cannot choose one. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

test("the preview serves pages with their data and fonts, and ends when it is stopped", async () => {
  const api = await fixtureApi();
  await finishPublished(api.home);
  const port = await freePort();
  const file = join(api.home, "preview.mts");
  await writeFile(
    file,
    `import { previewSite } from ${JSON.stringify(resolve("src/site/site.ts"))};
     await previewSite(${JSON.stringify({ home: api.home, port })});`,
  );
  const child = spawn(process.execPath, ["--import", "tsx", file], { stdio: "ignore" });
  const ended = new Promise<number | null>((end) => child.once("close", end));
  const url = `http://127.0.0.1:${port}`;
  try {
    await expect
      .poll(
        () =>
          fetch(url).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200);
    const base = /<meta name="files" content="([^"]*)">/.exec(await (await fetch(url)).text())![1]!;
    const got = (name: string) => fetch(`${url}${base}${name}`);
    expect(await (await got("api/KATL.json")).json()).toEqual(api.forecasts.KATL);
    // The files that replays and downloads need.
    const replayFiles = ["model.json", "hours.parquet", "issues.parquet", "learnedHours.parquet"].map(
      (name) => `api/KATL/${name}`,
    );
    for (const name of [...replayFiles, "api/KATL.csv", "feed.json", "status.json"]) {
      const served = Buffer.from(await (await got(name)).arrayBuffer());
      expect([name, served.equals(await readFile(join(api.home, "published", name)))]).toEqual([name, true]);
    }
    expect((await got("embed/KATL.svg")).status).toBe(200);
    const { files } = Dictionary.parse(await (await got("api/dictionary.json")).json());
    // Some files exist only where stations have learned with a network or a prior.
    const onlyOfNetwork = ["api/network.json", "api/prior.bin"];
    const addresses = files
      .map(({ address }) => address)
      .filter((address) => !address.includes("<") && !onlyOfNetwork.includes(address));
    const schema = files.find((file) => file.schema)!.schema!;
    for (const name of [...addresses, schema]) expect([name, (await got(name)).status]).toEqual([name, 200]);
    expect(await (await got("api/KATL.csv")).text()).toBe(forecastCsv(api.forecasts.KATL!));
    const nights = await (await fetch(`${url}/_file/queries/coldest-nights.json`)).json();
    expect(nights.map(({ station }: { station: string }) => station)).toEqual(["AYM00089009", "PANC", "KATL", "VABB"]);
    const table = Buffer.from(await (await got("tables/stations.parquet")).arrayBuffer());
    expect(table.equals(await readFile(join(api.home, "published", "stations.parquet")))).toBe(true);
    expect((await got("fonts/faces.css")).status).toBe(200);
  } finally {
    child.kill();
  }
  expect(await ended).toBe(0);
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => "up",
          () => "down",
        ),
      { timeout: 10_000 },
    )
    .toBe("down");
}, 240_000);
