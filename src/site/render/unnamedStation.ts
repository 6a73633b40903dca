/**
 * In the place of a station's key: the page that Framework builds for all stations, which takes it a second each. They
 * are copies of it in which something else is drawn.
 */
export const unnamedStation = "template";
