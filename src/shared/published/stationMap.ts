/** `/api/map.json`: where the stations are, drawn on a sheet that shows all of them. */
export interface StationMap {
  schemaVersion: 1;
  /** Of the sheet; all else is in its pixels. */
  width: number;
  height: number;
  /** Paths of SVG. */
  land: string;
  borders: string;
  graticule: string;
  places: { key: string; x: number; y: number }[];
}
