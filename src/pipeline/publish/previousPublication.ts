import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../../shared/config.js";
import type { PublishedManifest } from "../../shared/published/published.js";
import { checkFilesWhole, publishedPath, readPublishedManifest } from "../../shared/published/readPublished.js";

export interface Publication {
  folder: string;
  manifest: PublishedManifest & { contents: NonNullable<PublishedManifest["contents"]> };
}

/** What was published last, if the same program published it with the same leads and it is undamaged; otherwise null. */
export function previousPublication({ home, maxLeadHours }: Config): Publication | null {
  try {
    const { contents, ...manifest } = readPublishedManifest(home);
    if (contents?.program !== programDigest() || manifest.maxLeadHours !== maxLeadHours) return null;
    checkFilesWhole(home, manifest);
    return { folder: publishedPath(home, ""), manifest: { ...manifest, contents } };
  } catch {
    return null;
  }
}

let digestOfProgram: string | undefined;

/** Digest of everything that determines published files beside the store: source files and versions of packages. */
export function programDigest(): string {
  digestOfProgram ??= computeProgramDigest();
  return digestOfProgram;
}

function computeProgramDigest(): string {
  const project = fileURLToPath(new URL("../../../", import.meta.url));
  const digest = createHash("sha256").update(readFileSync(join(project, "package-lock.json")));
  for (const room of ["data", "model", "pipeline", "shared"]) {
    const files = readdirSync(join(project, "src", room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (const file of files.sort()) digest.update(readFileSync(file));
  }
  return digest.digest("hex");
}
