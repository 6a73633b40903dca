import { html, whileInPage } from "./html.js";

/**
 * Links to the sections of a page, by their ids. A link to a section in a closed `<details>`, from here or
 * from anywhere else, opens it.
 */
export function contents(sections: Readonly<Record<string, string>>): HTMLElement {
  const links = Object.entries(sections).map(
    ([id, text]) => html`<li><a href=${`#${id}`} onclick=${() => openSection(id)}>${text}</a></li>`,
  );
  const list = html`<nav class="contents" aria-label="On this page"><ul>${links}</ul></nav>`;
  const openLinked = () => openSection(location.hash.slice(1));
  whileInPage(list, window, "hashchange", openLinked);
  requestAnimationFrame(openLinked);
  return list;
}

function openSection(id: string): void {
  const part = id === "" ? null : document.getElementById(id);
  const section = part?.closest("details");
  if (!section || section.open) return;
  section.open = true;
  part!.scrollIntoView();
}
