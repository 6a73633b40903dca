/**
 * Shortens a path of absolute `M`, `L` and `Z`, as d3's geoPath writes it, to about a third: leaves out points closer to
 * the previous one than `tolerance` pixels, except the ends of lines, and writes relative coordinates in tenths. The
 * path begins with an absolute point, so that paths can be joined.
 */
export function compactPath(path: string, tolerance = 1): string {
  let [x, y] = [0, 0];
  return path
    .split("M")
    .slice(1)
    .map((line) => {
      const isClosed = line.endsWith("Z");
      const points = line.replace("Z", "").split("L").map(pointInTenths);
      const kept = thinned(points, tolerance * 10);
      // A ring that shrinks to a line has no area.
      if (isClosed && kept.length < 3) return "";
      const steps = kept.map(([toX, toY]) => {
        const step = pair(toX - x, toY - y);
        [x, y] = [toX, toY];
        return step;
      });
      // Closing a path returns to the start of its ring.
      if (isClosed) [x, y] = kept[0]!;
      return `m${steps.join("l")}${isClosed ? "z" : ""}`;
    })
    .join("")
    .replace("m", "M");
}

type Point = readonly [number, number];

function pointInTenths(point: string): Point {
  const [x, y] = point.split(",").map((part) => Math.round(Number(part) * 10));
  return [x!, y!];
}

function thinned(points: readonly Point[], tolerance: number): Point[] {
  let [x, y] = points[0]!;
  return points.filter(([toX, toY], i) => {
    const isNear = Math.hypot(toX - x, toY - y) < tolerance;
    if (i > 0 && i < points.length - 1 && isNear) return false;
    [x, y] = [toX, toY];
    return true;
  });
}

function pair(x: number, y: number): string {
  const [first, second] = [short(x), short(y)];
  return second.startsWith("-") ? first + second : `${first},${second}`;
}

/** Tenths as a decimal number without its leading zero. */
function short(tenths: number): string {
  return String(tenths / 10).replace(/^(-?)0\./, "$1.");
}
