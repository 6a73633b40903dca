import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const require = createRequire(import.meta.url);

/** Starts what makes pixels of SVGs, with the site's own font: the machine's are not asked for. Once a process. */
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
