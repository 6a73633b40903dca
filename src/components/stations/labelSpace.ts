/** A label next to its point. */
export interface Label {
  dx: number;
  dy: number;
  anchor: "start" | "end" | "middle";
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Pixels. */
const line = 13;

const positions: Label[] = [
  { dx: 8, dy: 4, anchor: "start" },
  { dx: -8, dy: 4, anchor: "end" },
  { dx: 0, dy: -9, anchor: "middle" },
  { dx: 0, dy: 17, anchor: "middle" },
];

interface LabelledPoint {
  x: number;
  y: number;
  /** Length of the label's text, pixels; 0 for none. */
  length: number;
}

/** The room on a sheet for labels that cover no other label or point. Earlier labels have priority. */
export class LabelSpace {
  private readonly taken: Box[];

  /** @param points not to be covered */
  constructor(
    private readonly sheet: { width: number; height: number },
    points: readonly { x: number; y: number }[],
  ) {
    this.taken = points.map(pointBox);
  }

  /** Keeps later labels off some more points. */
  avoid(points: readonly { x: number; y: number }[]): void {
    this.taken.push(...points.map(pointBox));
  }

  /** A position for the label of a point, which may cover that point; undefined if there is none. */
  besidePoint({ x, y, length }: LabelledPoint): Label | undefined {
    if (length === 0) return undefined;
    return positions.find(({ dx, dy, anchor }) => this.take(boxOf(x + dx, y + dy, length, anchor), pointBox({ x, y })));
  }

  /** The first of some places at which a label of a length fits, centred; undefined if there is none. */
  centredAt(places: readonly (readonly [x: number, y: number])[], length: number) {
    return places.find(([x, y]) => this.take(boxOf(x, y + 4, length, "middle")));
  }

  private take(box: Box, own?: Box): boolean {
    const isInside = box.left >= 0 && box.top >= 0 && box.right <= this.sheet.width && box.bottom <= this.sheet.height;
    const isFree = isInside && !this.taken.some((other) => overlap(box, other) && !(own && isSame(own, other)));
    if (isFree) this.taken.push(box);
    return isFree;
  }
}

function pointBox({ x, y }: { x: number; y: number }): Box {
  return { left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 };
}

function boxOf(x: number, baseline: number, length: number, anchor: Label["anchor"]): Box {
  const left = anchor === "start" ? x : anchor === "end" ? x - length : x - length / 2;
  return { left, right: left + length, top: baseline - line + 2, bottom: baseline + 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function isSame(a: Box, b: Box): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}
