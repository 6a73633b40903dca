import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isUrl } from "../../shared/config.js";
import { type Answer, noAnswer, type Validator } from "./download.js";
import type { Http } from "./http.js";

/** The answer of a base about a file, and where the file is on disk: at `to` if it came from a server. */
export interface Found extends Answer {
  path: string | null;
  /** Earlier requests for the file under other names. */
  before: Answer[];
}

interface Request {
  /** Where to write what a server sends. */
  to: string;
  /** The known version and its address. */
  known?: (Validator & { url: string }) | undefined;
}

/**
 * Asks one base, a server or a folder, for a file of a source's tree, plain or `.gz`.
 * @param roots folders below the base in which the tree may begin
 */
export async function askBase(
  http: Http,
  base: string,
  roots: readonly string[],
  file: string,
  { to, known }: Request,
): Promise<Found> {
  const places = roots.flatMap((root) => ["", ".gz"].map((ending) => ({ root, ending })));
  if (!isUrl(base)) return askFolder(base, places, file, known);
  const layout = http.layouts.get(base);
  const before: Answer[] = [];
  // Once a server has answered, its layout is known.
  for (const place of layout ? [layout] : places.filter(({ root }) => !root || !base.endsWith(`/${root}/`))) {
    const url = new URL([place.root, `${file}${place.ending}`].filter(Boolean).join("/"), base).href;
    const answer = await http.get(url, to, known?.url === url ? known : undefined);
    if (answer.outcome === "fetched" || answer.outcome === "unchanged") http.layouts.set(base, place);
    if (answer.outcome !== "absent") return { ...answer, path: answer.outcome === "fetched" ? to : null, before };
    before.push(answer);
  }
  return { ...before.pop()!, path: null, before };
}

/** Size and modification time identify the version of a file in a folder. */
async function askFolder(
  base: string,
  places: readonly { root: string; ending: string }[],
  file: string,
  known?: Validator & { url: string },
): Promise<Found> {
  for (const { root, ending } of places) {
    const path = join(base, root, `${file}${ending}`);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) continue;
    const etag = `${found.size}-${found.mtimeMs}`;
    const isSame = known?.url === fileUrl(root, file, ending) && known.etag === etag;
    return {
      ...folderAnswer(fileUrl(root, file, ending)),
      outcome: isSame ? "unchanged" : "fetched",
      bytes: isSame ? 0 : found.size,
      etag,
      path,
    };
  }
  return { ...folderAnswer(fileUrl("", file, "")), outcome: "absent" };
}

/** The address of a file without the path of its folder, because stored addresses may be published. */
function fileUrl(root: string, file: string, ending: string): string {
  return `file:${join(root, `${file}${ending}`)}`;
}

function folderAnswer(url: string): Found {
  return { ...noAnswer(url), unreachable: false, path: null, before: [] };
}
