import { escaped } from "./filledPage.js";

export interface LinkPreview {
  title: string;
  description: string;
  /** Path of the image from the site's beginning. */
  image: string;
  imageSize: { width: number; height: number };
}

/**
 * Adds to a page's head what a link to it shows elsewhere.
 * @param siteUrl where the site is served, with a slash: previews need a whole address of the image, and a site that
 * knows none of its own gives the way from the page
 */
export function withLinkPreview(
  page: string,
  { title, description, image, imageSize }: LinkPreview,
  { siteUrl, home }: { siteUrl: string | null; home: string },
): string {
  const meta = Object.entries({
    "og:type": "website",
    "og:site_name": "isotherm",
    "og:title": title,
    "og:description": description,
    "og:image": `${siteUrl ?? home}${image}`,
    "og:image:width": String(imageSize.width),
    "og:image:height": String(imageSize.height),
    "og:image:alt": description,
  }).map(([property, content]) => `<meta property="${property}" content="${escaped(content)}">`);
  const tags = [
    `<meta name="description" content="${escaped(description)}">`,
    ...meta,
    '<meta name="twitter:card" content="summary_large_image">',
  ];
  return page
    .replace(/<title>[\s\S]*?<\/title>/, () => `<title>${escaped(title)}</title>`)
    .replace("</head>", () => `${tags.join("\n")}\n</head>`);
}
