import * as Plot from "@observablehq/plot";
import { centred, fittedPlot } from "./fittedPlot.js";

/** A plot with one row per station and values along x. */
export function stationRowPlot({
  width,
  keys,
  label,
  x,
  marks,
}: {
  width: number;
  /** Stations from top to bottom. */
  keys: readonly string[];
  /** Label of the x-axis. */
  label: string;
  x: Plot.ScaleOptions;
  marks: Plot.Markish[];
}): ReturnType<typeof Plot.plot> {
  return fittedPlot({
    width,
    height: 40 + keys.length * 20,
    marginLeft: 48,
    marginTop: 6,
    marginBottom: 34,
    x: { ...x, nice: true, label: null },
    y: { type: "band", domain: keys, label: null, padding: 0.2 },
    marks: [
      Plot.gridX({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisX({ tickSize: 0, ticks: width < 600 ? 5 : 10, label, ...centred }),
      Plot.axisY({ tickSize: 0, fontSize: 12 }),
      marks,
    ],
  });
}
