import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { navigationPages } from "../../src/site/navigation.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

test("a page that is added to the source is in the navigation, by its front matter", async () => {
  const root = await temporaryFolder();
  for (const page of ["index", "explore", "404"]) await cp(`src/${page}.md`, join(root, `${page}.md`));
  const names = () => navigationPages(root).map(({ name, path }) => `${name} ${path}`);
  expect(names()).toEqual(["Forecast /", "Explore /explore"]);
  await writeFile(join(root, "mine.md"), "# No front matter\n\ntitle: not this\n");
  await writeFile(join(root, "wind.md"), '---\ntitle: "A: windy"\n---\n\n# Wind\n');
  await writeFile(join(root, "second.md"), "---\ntitle: Second\nnav: 2\n---\n");
  await writeFile(join(root, "draft.md"), "---\ntitle: Draft\nnav: false\n---\n");
  expect(names()).toEqual(["Forecast /", "Second /second", "Explore /explore", "A: windy /wind", "mine /mine"]);
});
