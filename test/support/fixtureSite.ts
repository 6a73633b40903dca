import { inject } from "vitest";
import type { BuiltSite } from "./builtSite.js";

/** The fixture's site, for tests of the project `site`, which wait here until it is built. */
export const fixtureSite = await whenBuilt();

async function whenBuilt(): Promise<BuiltSite> {
  const answer = await fetch(inject("builtSite"));
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as BuiltSite;
}
