/** What Framework's HTML lacks for a screen reader and a reader who zooms, and a detour of the config taken back. */
export function finishedPage(html: string): string {
  return html
    .replace("<html>", '<html lang="en">')
    .replace("width=device-width, initial-scale=1, maximum-scale=1", "width=device-width, initial-scale=1")
    .replace('<main id="observablehq-main"', '<main id="observablehq-main" tabindex="-1"')
    .replaceAll(/rel="(preload|alternate) external"/g, 'rel="$1"');
}
