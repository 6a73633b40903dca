import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const StateTip = z.object({ commit: z.string().nullable() });

/** Remembers which commit of the state's branch a home goes on from; null for no branch. */
export function rememberTip(home: string, commit: string | null): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(tipFile(home), JSON.stringify({ commit }));
}

/** The commit remembered; undefined for a home that was not restored from a branch. */
export function rememberedTip(home: string): string | null | undefined {
  const file = tipFile(home);
  return existsSync(file) ? StateTip.parse(JSON.parse(readFileSync(file, "utf8"))).commit : undefined;
}

function tipFile(home: string): string {
  return join(home, "stateTip.json");
}
