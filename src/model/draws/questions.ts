import { firstEnd, windowLengths, windowNumber } from "../extremes/windows.js";
import { levels, maxLeadHours, quantileCount } from "../vocabulary.js";

/**
 * What is asked of the temperatures of several hours: how much higher tomorrow's high is than today's, how many hours of a
 * night are below 0 °C, and the mean temperature of a calendar day of local standard time.
 */
export const questionKinds = ["highChange", "freezingHours", "dayMean"] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** A question at an hour of issue; nights and days are those of `windows.ts`. */
export interface Question {
  kind: QuestionKind;
  /** As records number it: 0 when the night, or today's 9 to 21 o'clock, had begun when it was asked; then 1, 2. */
  number: number;
  /** First and last hour of the night or day, since 1970; of tomorrow's for a change. */
  startHour: number;
  endHour: number;
}

/** Questions asked at each hour. */
export const questionCount = 5;
const high = 1;
const low = 0;
const day = 24;
/** Hours of a night or day that may be missing. */
const mayBeMissing = 1;

/** The questions of an hour: tomorrow's high, the next two nights, the next two calendar days. */
export function questionsAt(hour: number, utcOffset: number): Question[] {
  const midnight = day * (Math.floor((hour + utcOffset) / day) + 1) - utcOffset;
  const nextHigh = hour + firstEnd(high, hour, utcOffset);
  const tomorrow = nextHigh < midnight ? nextHigh + day : nextHigh;
  const hasBegun = tomorrow - day - windowLengths[high]! <= hour;
  const nextLow = hour + firstEnd(low, hour, utcOffset);
  return [
    { kind: "highChange", number: hasBegun ? 0 : 1, startHour: tomorrow - windowLengths[high]!, endHour: tomorrow },
    ...[nextLow, nextLow + day].map((end): Question => {
      const number = windowNumber(low, end - hour);
      return { kind: "freezingHours", number, startHour: end - windowLengths[low]!, endHour: end };
    }),
    ...[1, 2].map((number): Question => {
      const start = midnight + day * (number - 1);
      return { kind: "dayMean", number, startHour: start, endHour: start + day - 1 };
    }),
  ];
}

/** Temperatures of consecutive hours, °C, NaN where missing. */
export interface Course {
  firstHour: number;
  temperatures: Float32Array;
}

/** The answer to a question from the temperatures of all its hours, °C or hours; NaN where more than one hour is missing. */
export function answer(question: Question, course: Course): number {
  const from = question.startHour - course.firstHour;
  const to = question.endHour - course.firstHour;
  const { temperatures } = course;
  if (question.kind === "highChange")
    return highest(temperatures, from, to) - highest(temperatures, from - day, to - day);
  let [missing, sum, freezing] = [0, 0, 0];
  for (let i = from; i <= to; i++) {
    const temperature = temperatures[i]!;
    if (Number.isNaN(temperature)) missing++;
    else sum += temperature;
    if (temperature < 0) freezing++;
  }
  if (missing > mayBeMissing) return Number.NaN;
  return question.kind === "freezingHours" ? freezing : sum / (to - from + 1 - missing);
}

function highest(temperatures: Float32Array, from: number, to: number): number {
  let [missing, found] = [0, Number.NEGATIVE_INFINITY];
  for (let i = from; i <= to; i++) {
    const temperature = temperatures[i]!;
    if (temperature > found) found = temperature;
    else if (Number.isNaN(temperature)) missing++;
  }
  return missing > mayBeMissing ? Number.NaN : found;
}

/** Hours before an hour of issue that questions of that hour look back on. */
export const hoursBefore = day;

/** The answer from draws of a forecast. */
export interface Answer {
  /** Lowest first; °C, of freezing hours whole hours. NaN without an answer. */
  quantiles: Float64Array;
  /** Odds of more than 0: that tomorrow's high is above today's, or that an hour freezes. */
  odds: number;
}

/**
 * Answers the questions of an hour from draws (draw × lead, °C) of the forecast issued then. What has been observed until then
 * counts as it was.
 * @param observed the temperatures of the last 24 hours, oldest first, °C, NaN where missing
 */
export function answersFrom(
  questions: readonly Question[],
  hour: number,
  draws: Float32Array,
  observed: ArrayLike<number>,
): Answer[] {
  const count = draws.length / maxLeadHours;
  const temperatures = new Float32Array(hoursBefore + maxLeadHours);
  temperatures.set(observed);
  const course = { firstHour: hour - hoursBefore + 1, temperatures };
  const values = questions.map(() => new Float64Array(count));
  for (let draw = 0; draw < count; draw++) {
    for (let i = 0; i < maxLeadHours; i++) temperatures[hoursBefore + i] = draws[draw * maxLeadHours + i]!;
    for (let q = 0; q < questions.length; q++) values[q]![draw] = answer(questions[q]!, course);
  }
  return questions.map(({ kind }, q) => summary(kind, values[q]!));
}

/** The quantiles and odds of equally likely answers. */
function summary(kind: QuestionKind, answers: Float64Array): Answer {
  if (Number.isNaN(answers[0]))
    return { quantiles: new Float64Array(quantileCount).fill(Number.NaN), odds: Number.NaN };
  answers.sort();
  let positive = 0;
  for (const value of answers) if (value > 0) positive++;
  const quantiles = quantilesOf(answers);
  if (kind === "freezingHours") for (let q = 0; q < quantileCount; q++) quantiles[q] = Math.round(quantiles[q]!);
  // Sixty draws can't tell odds of 99 % from certainty.
  return { quantiles, odds: (positive + 0.5) / (answers.length + 1) };
}

/** The quantiles at the issued levels of equally likely values, lowest first: linear between the levels (i + ½) / n. */
function quantilesOf(values: Float64Array): Float64Array {
  return Float64Array.from(levels, (level) => {
    const position = Math.max(0, Math.min(values.length - 1, level * values.length - 0.5));
    const below = Math.floor(position);
    const [low, high] = [values[below]!, values[Math.min(below + 1, values.length - 1)]!];
    return low + (position - below) * (high - low);
  });
}
