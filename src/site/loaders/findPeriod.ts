import { parseArgs } from "node:util";

/** What a parameterised loader is asked for of what there is by period: `--period=<name>`, or else everything. */
export function findPeriod<T>(byPeriod: ReadonlyMap<string, T>): T {
  const { values } = parseArgs({ options: { period: { type: "string", default: "all" } }, strict: false });
  const found = byPeriod.get(String(values.period));
  if (!found) throw new Error(`no period ${values.period} published`);
  return found;
}
