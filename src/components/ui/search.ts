// Framework's search, without its sidebar: the page's header has the elements that it looks for. The index is fetched when
// a reader first uses the field.

const field = document.querySelector<HTMLInputElement>("#observablehq-search input")!;

/** Framework serves its search under this name. */
const load = () => import("observablehq:search");
field.addEventListener("focus", load, { once: true });
field.addEventListener("input", load, { once: true });

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target !== document.body || event.metaKey || event.altKey || event.ctrlKey) return;
  event.preventDefault();
  field.select();
});
