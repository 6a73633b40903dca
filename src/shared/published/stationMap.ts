/** `/api/map.json`: a map of all stations. */
export interface StationMap {
  schemaVersion: 1;
  /** Size of the map, pixels; coordinates are in pixels too. */
  width: number;
  height: number;
  /** SVG paths. */
  land: string;
  borders: string;
  graticule: string;
  places: { key: string; x: number; y: number }[];
}
