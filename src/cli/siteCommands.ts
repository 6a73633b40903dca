import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Report } from "../shared/progress.js";
import { textTable } from "../shared/textTable.js";
import { type HistoryOptions, loadConfig, portOption, print, siteFolderOption } from "./options.js";
import { historyCommand, updateStore } from "./updateCommands.js";

interface SiteOptions extends HistoryOptions {
  update: boolean;
  site: string;
}

interface ServeOptions {
  site: string;
  port: number;
}

interface SqlOptions {
  file: boolean;
  format: "text" | "json" | "csv";
}

/** Adds the commands that build, serve and query the site: `build`, `start`, `serve`, `preview` and `sql`. */
export function addSiteCommands(program: Command, report: Report): void {
  siteCommand(program, "build", "update and build the site; fails rather than simulate weather where CI is set").action(
    async (options: SiteOptions) => {
      await updateAndBuild("build", options, { report, simulate: !isContinuousIntegration() });
    },
  );

  siteCommand(program, "start", "update, build the site and serve it")
    .addOption(portOption())
    .action(async (options: SiteOptions & ServeOptions) => {
      await updateAndBuild("start", { ...options, networkLater: true }, { report, simulate: true });
      await serve(options);
      if (options.update) await fetchNetworkWhileServing(options, report);
    });

  program
    .command("serve")
    .description("serve a built site")
    .addOption(siteFolderOption())
    .addOption(portOption())
    .action(serve);

  program
    .command("preview")
    .description("live preview for editing pages; updates first if nothing is published")
    .addOption(portOption())
    .action(async ({ port }: Pick<ServeOptions, "port">) => {
      const { home } = await loadConfig();
      if (!isPublished(home)) await updateStore("preview", { networkLater: true }, { report, simulate: true });
      const { previewSite } = await import("../site/site.js");
      await previewSite({ home, port });
    });

  program
    .command("sql <query>")
    .description(
      "query the published tables, which the Explore page lists; times are epoch milliseconds, or UTC in stored.*",
    )
    .option("--file", "the query is in this file")
    .addOption(new Option("--format <format>", "format of the answer").choices(["text", "json", "csv"]).default("text"))
    .action(queryPublished);
}

async function queryPublished(query: string, { file, format }: SqlOptions): Promise<void> {
  const { withPublished } = await import("../pipeline/api/openPublished.js");
  const { answerQuery } = await import("../site/runSql.js");
  const { home } = await loadConfig();
  const sql = file ? readFileSync(query, "utf8") : query;
  const dataFormat = format === "text" ? "json" : format;
  const answer = (
    await withPublished((published) => answerQuery(published, sql, { format: dataFormat }), home)
  ).toString();
  if (format !== "text") return print(answer);
  const rows = JSON.parse(answer) as Record<string, unknown>[];
  print(rows.length === 0 ? "no rows\n" : textTable(rows, Object.keys(rows[0]!)));
}

function siteCommand(program: Command, name: string, description: string): Command {
  return historyCommand(program, name, description)
    .option("--no-update", "build what is published, without updating")
    .addOption(siteFolderOption());
}

/**
 * A newcomer's first look does not wait for the network, which takes minutes. Interrupted at any time, it is continued by
 * the next update.
 */
async function fetchNetworkWhileServing(options: SiteOptions, report: Report): Promise<void> {
  const { isNetworkLeft } = await import("../pipeline/networkRun.js");
  if (!(await isNetworkLeft(options))) return;
  // The build stops its own processes on a signal; the server must end too.
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => setImmediate(() => process.exit(code)));
  }
  report.info("fetching the network of stations around and past guidance; the site is served meanwhile");
  try {
    await updateAndBuild("start", options, { report, simulate: false });
  } catch (error) {
    report.warn(`${error instanceof Error ? error.message : String(error)}; the next update tries again`);
  }
}

async function updateAndBuild(
  command: string,
  options: SiteOptions & { networkLater?: boolean },
  { report, simulate }: { report: Report; simulate: boolean },
): Promise<void> {
  const { buildSite, checkOutputFolder } = await import("../site/site.js");
  checkOutputFolder(options.site);
  if (options.update) await updateStore(command, options, { report, simulate });
  const { home } = await loadConfig();
  if (!isPublished(home)) throw new Error(`nothing is published yet in ${home}`);
  report.info("building the site");
  await buildSite({ home, outDir: options.site });
  report.info(`site built in ${options.site}`);
}

async function serve({ site, port }: ServeOptions): Promise<void> {
  if (!existsSync(join(site, "index.html"))) throw new Error(`no site in ${site}: build it first`);
  const { serveSite } = await import("../site/site.js");
  const { url } = await serveSite({ dir: site, port }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new Error(`port ${port} is in use; choose another with --port`) : error;
  });
  print(`isotherm is at ${url}\n`);
}

function isPublished(home: string): boolean {
  return existsSync(join(home, "published", "manifest.json"));
}

function isContinuousIntegration(): boolean {
  return !["", "0", "false"].includes(process.env.CI ?? "");
}
