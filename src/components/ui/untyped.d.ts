/** htl 0.3 has no types; 1.0 has, but exports nothing that Framework can resolve. */
declare module "htl" {
  type Template = (strings: TemplateStringsArray, ...values: unknown[]) => Node | null;
  export const html: Template;
  export const svg: Template;
}

/** Framework's search, which runs when it is loaded. */
declare module "observablehq:search";
