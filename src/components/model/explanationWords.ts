import { greatest } from "d3";
import type { ExplanationGroup } from "../../model/forecaster/explanation.js";
import { pointOf, positionOfPoint } from "../../model/forecaster/networkParts.js";
import { guidanceSources, type Variable } from "../../model/vocabulary.js";
import { modelPhrase } from "../chart/modelStyle.js";
import { directionName } from "../ui/wind.js";

/** A reason of a forecast: the sum of the parts of a group, hundredths of °C. */
export interface Reason {
  group: ExplanationGroup;
  hundredths: number;
  parts: readonly { part: string; hundredths: number }[];
}

/** What a reason that raises and one that lowers the forecast points to. */
const directions: Record<Variable, readonly [string, string]> = {
  temperature: ["warmer", "cooler"],
  dewPoint: ["moister", "drier"],
};

/** A reason in words that say which way it points, such as "the usual rise at this hour" or "colder air to the south". */
export function reasonPhrase(reason: Reason, variable: Variable): string {
  const isRise = reason.hundredths > 0;
  const way = directions[variable][isRise ? 0 : 1];
  switch (reason.group) {
    case "last 12 hours":
      return `the last 12 hours point to ${way} air`;
    case "the days before":
      return `the same hours of past days point to ${way} air`;
    case "means of days and weeks":
      return `back to the ${way} level of past days and weeks`;
    case "humidity":
      return `the humidity points to ${way} air`;
    case "daily cycle":
      return `the usual ${isRise ? "rise" : "fall"} at this hour`;
    case "season and usual level":
      return `${way} air is usual at this time of the year`;
    case "air around":
    case "pressure around":
      return aroundPhrase(reason) ?? reason.group;
    case "pressure":
      return `the pressure here points to ${way} air`;
    case "wind":
      return `the wind points to ${way} air`;
    case "cloud":
      return `the sky points to ${way} air`;
    case "nonlinear features":
      return `similar weather in the past turned ${way}`;
    case "guidance":
      return `${guidanceName(reason)} says ${way}`;
    case "saturation":
      return "the air can hold no more moisture";
    case "now":
      return "the newest observation";
  }
}

/** The source of guidance that counts most in the direction of the sum. */
function guidanceName(reason: Reason): string {
  const source = guidanceSources.find((name) => largest(reason)?.part === `guidance ${name}`);
  return source === undefined || source === "other" ? "guidance" : modelPhrase(source);
}

/** The part that counts most in the direction of the sum. */
function largest({ hundredths, parts }: Reason): Reason["parts"][number] | undefined {
  return greatest(parts, (part) => part.hundredths * Math.sign(hundredths));
}

/** The words of a part of the network before its place. */
const aroundWords =
  /^(warmer air|colder air|warming|cooling|moister air|drier air|(?:higher|lower) pressure|pressure (?:rising|falling)) /;

/** These point the other way when their sum has the opposite sign, as when warm air is far ahead of a front. */
const signs: Readonly<Record<string, 1 | -1>> = { "warmer air": 1, warming: 1, "colder air": -1, cooling: -1 };

/**
 * What the network shows where: the kind of weather and the direction whose parts at all distances together count most in
 * the direction of the sum. Kinds that say the opposite of the sum are passed over if others count.
 */
function aroundPhrase({ hundredths, parts }: Reason): string | null {
  const sign = Math.sign(hundredths);
  const sums = new Map<string, { phrase: string; agrees: boolean; size: number }>();
  for (const { part, hundredths: size } of parts) {
    const words = aroundWords.exec(part)?.[1];
    const point = pointOf(part);
    if (words === undefined || point === undefined) continue;
    const phrase = `${words} ${placeOf(point)}`;
    const sum = sums.get(phrase)?.size ?? 0;
    sums.set(phrase, { phrase, agrees: (signs[words] ?? sign) === sign, size: sum + size * sign });
  }
  const raising = [...sums.values()].filter(({ size }) => size > 0);
  const agreeing = raising.filter(({ agrees }) => agrees);
  return greatest(agreeing.length > 0 ? agreeing : raising, ({ size }) => size)?.phrase ?? null;
}

/** "nearby" or "to the west": the nearest of eight directions. */
function placeOf(point: number): string {
  const { bearing, km } = positionOfPoint(point);
  return km === 0 ? "nearby" : `to the ${directionName(bearing)}`;
}
