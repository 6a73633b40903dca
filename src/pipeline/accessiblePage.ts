/** What Framework's HTML lacks for a screen reader and for a reader who zooms. */
export function accessiblePage(html: string): string {
  return html
    .replace("<html>", '<html lang="en">')
    .replace(
      'content="width=device-width, initial-scale=1, maximum-scale=1"',
      'content="width=device-width, initial-scale=1"',
    )
    .replace(/<main id="observablehq-main"/, '<main id="observablehq-main" tabindex="-1"');
}
