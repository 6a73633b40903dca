import { cumsum, curveBasis, curveBasisClosed, Delaunay, geoDistance, line, range, sum } from "d3";

/** A value at a place. */
export interface Sample {
  /** On the map, pixels. */
  x: number;
  y: number;
  /** Degrees. */
  longitude: number;
  latitude: number;
  value: number;
}

/** A line of equal values. */
export interface Isotherm {
  level: number;
  /** Pixels. */
  points: [x: number, y: number][];
  isClosed: boolean;
}

const earthRadiusKm = 6371;
/** Between places farther apart than this, values are not interpolated. */
const longestKm = 750;
/** Values are averaged over places so near, as weather maps do: differences within a city would fill the map with rings. */
const smoothingKm = 150;
/** Fewer triangles of near places are no field, and lines that cross fewer of them say little. */
const [fewestTriangles, fewestCrossings] = [6, 4];

type Triangle = readonly [number, number, number];

/**
 * Lines of equal values between near places: values are smoothed a little, then interpolated linearly within the triangles of
 * Delaunay whose sides are all short enough. Empty where places are too sparse.
 */
export function isotherms(samples: readonly Sample[], levels: readonly number[]): Isotherm[] {
  const triangles = denseTriangles(samples);
  if (triangles.length < fewestTriangles) return [];
  const smooth = smoothed(samples);
  return levels.flatMap((level) => linesAt(smooth, triangles, level));
}

function distanceKm(a: Sample, b: Sample): number {
  return earthRadiusKm * geoDistance([a.longitude, a.latitude], [b.longitude, b.latitude]);
}

/** The same places with averages of the values around, weighted by a Gaussian of the distance. */
function smoothed(samples: readonly Sample[]): Sample[] {
  return samples.map((sample) => {
    const weights = samples.map((other) => Math.exp(-((distanceKm(sample, other) / smoothingKm) ** 2) / 2));
    const value = sum(samples, ({ value }, i) => weights[i]! * value) / sum(weights);
    // Equal values stay equal, or noise in the last digit would draw lines between them.
    return { ...sample, value: Math.round(value * 1e6) / 1e6 };
  });
}

/** The triangles between samples, by their indices, whose sides are all short. */
function denseTriangles(samples: readonly Sample[]): Triangle[] {
  const { triangles } = Delaunay.from(
    samples,
    ({ x }) => x,
    ({ y }) => y,
  );
  const isShort = (a: number, b: number) => distanceKm(samples[a]!, samples[b]!) <= longestKm;
  return (
    range(0, triangles.length, 3)
      .map((i): Triangle => [triangles[i]!, triangles[i + 1]!, triangles[i + 2]!])
      // Delaunay fills up with −1 where all places are in one or two points.
      .filter((triangle) => triangle.every((i) => i >= 0))
      .filter(([a, b, c]) => isShort(a, b) && isShort(b, c) && isShort(c, a))
  );
}

/** A line crosses a triangle by two of its sides; the crossings of neighbours are joined. */
function linesAt(samples: readonly Sample[], triangles: readonly Triangle[], level: number): Isotherm[] {
  const points = new Map<string, [number, number]>();
  const neighbours = new Map<string, string[]>();
  for (const [a, b, c] of triangles) {
    const crossed = [
      [a, b],
      [b, c],
      [c, a],
    ].filter(([from, to]) => samples[from!]!.value < level !== samples[to!]!.value < level);
    const keys = crossed.map(([from, to]) => {
      const [low, high] = [Math.min(from!, to!), Math.max(from!, to!)];
      const [p, q] = [samples[low]!, samples[high]!];
      const share = (level - p.value) / (q.value - p.value);
      const key = `${low} ${high}`;
      points.set(key, [p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)]);
      return key;
    });
    for (const [i, key] of keys.entries()) neighbours.set(key, [...(neighbours.get(key) ?? []), keys[1 - i]!]);
  }
  // Lines that end at the edge of the dense area first; what is left are rings.
  const ends = [...neighbours.keys()].filter((key) => neighbours.get(key)!.length === 1);
  const visited = new Set<string>();
  return [...ends, ...neighbours.keys()].flatMap((start) => {
    const keys: string[] = [];
    for (let next: string | undefined = start; next !== undefined && !visited.has(next); ) {
      visited.add(next);
      keys.push(next);
      next = neighbours.get(next)!.find((key) => !visited.has(key));
    }
    if (keys.length < fewestCrossings) return [];
    return [{ level, points: keys.map((key) => points.get(key)!), isClosed: neighbours.get(start)!.length === 2 }];
  });
}

/** At least so many lines, if the finer steps allow. */
const fewestLevels = 3;

/**
 * Levels strictly between the lowest and highest value: multiples of the widest step that gives enough of them, and `bold`,
 * which replaces a multiple next to it, as 32 replaces 30.
 */
export function levelsBetween(
  values: readonly number[],
  { steps, bold }: { steps: readonly number[]; bold: number },
): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const levelsOf = (step: number) =>
    range(Math.ceil(low / step), Math.floor(high / step) + 1)
      .map((multiple) => multiple * step)
      .filter((level) => level === bold || Math.abs(level - bold) >= step / 2)
      .concat(bold % step === 0 ? [] : bold)
      .filter((level) => level > low && level < high);
  const found = values.length === 0 ? [] : steps.map(levelsOf);
  return found.find((levels) => levels.length >= fewestLevels) ?? found.at(-1) ?? [];
}

/** The SVG path of a line, smoothed. */
export function isothermPath({ points, isClosed }: Isotherm): string {
  return line()
    .curve(isClosed ? curveBasisClosed : curveBasis)
    .digits(1)(points)!;
}

/** A line goes on at both sides of its label: a short rest would look like a minus sign. Pixels. */
const restBesideLabel = 30;

/** Where a label of a length may be on a smoothed line, pixels: the middle first. */
export function labelPlaces({ points, isClosed }: Isotherm, length: number): [x: number, y: number][] {
  const steps = points.map(([x, y], i) => (i === 0 ? 0 : Math.hypot(x - points[i - 1]![0], y - points[i - 1]![1])));
  const along = [...cumsum(steps)];
  const total = along.at(-1)!;
  const room = length / 2 + restBesideLabel;
  const inner = range(1, points.length - 1).filter((i) => isClosed || (along[i]! >= room && total - along[i]! >= room));
  const fromMiddle = (i: number) => Math.abs(along[i]! - total / 2);
  return inner
    .sort((a, b) => fromMiddle(a) - fromMiddle(b))
    .map((i) => {
      // The point of the B-spline that the path draws.
      const [before, at, after] = [points[i - 1]!, points[i]!, points[i + 1]!];
      return [(before[0] + 4 * at[0] + after[0]) / 6, (before[1] + 4 * at[1] + after[1]) / 6];
    });
}
