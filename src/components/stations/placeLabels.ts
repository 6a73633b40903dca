/** A point with a label of so many pixels; no label where that is none. */
export interface LabelledPoint {
  x: number;
  y: number;
  length: number;
}

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

/**
 * Where each point's label can stand without covering another label or point, or leaving the sheet; undefined where it
 * can't. Earlier points go first.
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  { width, height }: { width: number; height: number },
): (Label | undefined)[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return points.map(({ x, y, length }, own) => {
    if (length === 0) return undefined;
    for (const position of positions) {
      const box = boxOf(x + position.dx, y + position.dy, length, position.anchor);
      const inside = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
      if (inside && !taken.some((other, i) => i !== own && overlap(box, other))) {
        taken.push(box);
        return position;
      }
    }
    return undefined;
  });
}

function boxOf(x: number, baseline: number, length: number, anchor: Label["anchor"]): Box {
  const left = anchor === "start" ? x : anchor === "end" ? x - length : x - length / 2;
  return { left, right: left + length, top: baseline - line + 2, bottom: baseline + 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
