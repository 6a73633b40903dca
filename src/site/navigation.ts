import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A page as the navigation lists it. */
export interface NavigationPage {
  name: string;
  /** Address from the root of the site, such as "/evaluation". */
  path: string;
}

/**
 * The Markdown pages of a folder, by their front matter: `title` is the name, and `nav` the place among the others. A
 * page without `nav` comes after those with it, in order of the titles; a page with `nav: false` is left out.
 */
export function navigationPages(root: string): NavigationPage[] {
  return readdirSync(root)
    .filter((file) => file.endsWith(".md"))
    .map((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const name = file.slice(0, -".md".length);
      const place = frontMatter(text, "nav");
      return {
        name: frontMatter(text, "title") ?? name,
        path: name === "index" ? "/" : `/${name}`,
        order: place === "false" ? null : Number(place ?? Number.POSITIVE_INFINITY),
      };
    })
    .filter((page) => page.order !== null)
    .sort((a, b) => (a.order === b.order ? a.name.localeCompare(b.name, "en") : a.order! - b.order!))
    .map(({ name, path }) => ({ name, path }));
}

/** The value of a line such as `title: Explore` between the two `---` at the beginning of a page; null if it has none. */
function frontMatter(page: string, key: string): string | null {
  const head = /^---\r?\n([\s\S]*?)^---\s*$/m.exec(page)?.[1] ?? "";
  const value = new RegExp(`^${key}:\\s*(.+?)\\s*$`, "m").exec(head)?.[1];
  return value?.replace(/^(["'])(.*)\1$/, "$2") ?? null;
}
