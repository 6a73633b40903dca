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
  /** Stations of the network; north is where north is on the map, degrees clockwise from up. Absent without a network. */
  network?: { stationId: string; x: number; y: number; north: number }[];
}
