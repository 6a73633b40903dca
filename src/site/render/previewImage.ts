import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const require = createRequire(import.meta.url);

/** Returns a function that renders SVG to PNG with the site's font, not the machine's. Call it once per process. */
export async function openPainter(): Promise<(svg: string) => Uint8Array> {
  await initWasm(await readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
  const fontBuffers = await Promise.all(
    [400, 700].map((weight) => readFile(require.resolve(`@fontsource/b612/files/b612-latin-${weight}-normal.woff2`))),
  );
  return (svg) => {
    const painter = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: "B612", loadSystemFonts: false } });
    try {
      return painter.render().asPng();
    } finally {
      painter.free();
    }
  };
}
