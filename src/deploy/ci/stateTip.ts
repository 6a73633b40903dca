import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const StateTip = z.object({ commit: z.string().nullable() });

/** Remembers which version of the kept state a home goes on from, or replaces; null for none. */
export function rememberTip(home: string, commit: string | null): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(tipFile(home), JSON.stringify({ commit }));
}

/** The version remembered; undefined for a home that was not restored by a run. */
export function rememberedTip(home: string): string | null | undefined {
  const file = tipFile(home);
  if (!existsSync(file)) return undefined;
  try {
    return StateTip.parse(JSON.parse(readFileSync(file, "utf8"))).commit;
  } catch (error) {
    throw new Error(`${file} is damaged; restore the state again: npm run isotherm -- ci restore`, { cause: error });
  }
}

function tipFile(home: string): string {
  return join(home, "stateTip.json");
}
