import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserServer, chromium } from "playwright-core";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Whether the browser of the npm package runs on this machine. */
const hasBundled = process.platform === "linux" && process.arch === "x64";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A headless Chromium: the one at `CHROME_PATH`, or else the one that an npm package carries, which does the same work
 * for three quarters of the time of a whole one, or else the one installed.
 */
export async function launchBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const { server, close } = await launchBrowserServer();
  return { browser: await chromium.connect(server.wsEndpoint()), close };
}

/** The same for several processes, which connect to it. */
export async function launchBrowserServer(): Promise<{ server: BrowserServer; close(): Promise<void> }> {
  const found = process.env.CHROME_PATH || (hasBundled ? undefined : installed.find(existsSync));
  const bundle = found ? undefined : await unpackChromium();
  const launch = () =>
    chromium.launchServer({
      executablePath: found ?? bundle!.executablePath,
      args: flags,
      env: { ...process.env, ...bundle?.env },
    });
  // Once in many starts the bundled one crashes in a thread of its own before it has said anything.
  const server = await launch().catch(launch);
  return {
    server,
    close: async () => {
      await server.close();
      if (bundle) await rm(bundle.folder, { recursive: true, force: true });
    },
  };
}

/**
 * Unpacks the bundled Chromium, with the libraries it needs beside libc, into a folder of its own: the package would
 * take whatever lies at one fixed place, even half of an earlier run's. It says where they are by changing this process's
 * environment, which is put back: `env` is for the browser alone.
 */
async function unpackChromium(): Promise<{ executablePath: string; folder: string; env: NodeJS.ProcessEnv }> {
  const folder = await mkdtemp(join(tmpdir(), "isotherm-chromium-"));
  const before = { ...process.env };
  process.env.TMPDIR = folder;
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs20.x"; // asks the package for its libraries and fonts too
  try {
    const { default: bundled } = await import("@sparticuz/chromium");
    const executablePath = await bundled.executablePath();
    // Its fonts.conf names /tmp/fonts whatever the folder: without a font Chromium crashes at the first letter.
    const conf = join(folder, "fonts", "fonts.conf");
    await writeFile(conf, (await readFile(conf, "utf8")).replaceAll("/tmp/fonts", join(folder, "fonts")));
    return { executablePath, folder, env: { ...process.env } };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
