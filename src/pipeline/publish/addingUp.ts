/**
 * Values rounded to whole numbers that add up to `total`: those are moved by one that rounding moved furthest the other
 * way (Hamilton's method of largest remainders).
 */
export function addingUp(values: readonly number[], total: number): number[] {
  const rounded = values.map(Math.round);
  const left = total - rounded.reduce((sum, value) => sum + value, 0);
  const step = Math.sign(left);
  const order = values.map((_, i) => i).sort((a, b) => step * (values[b]! - rounded[b]! - values[a]! + rounded[a]!));
  for (let n = 0; n < Math.abs(left); n++) rounded[order[n % order.length]!]! += step;
  return rounded;
}
