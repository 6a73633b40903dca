import type { StateArray, Stateful } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import { maxLeadHours, quantileCount } from "../vocabulary.js";
import { drawsOf } from "./draws.js";
import { QuestionScores } from "./questionScores.js";
import {
  type Answer,
  answer,
  answersFrom,
  type Course,
  hoursBefore,
  questionCount,
  questionKinds,
  questionsAt,
} from "./questions.js";
import { commonRanks, type DrawRanks, RankHistory } from "./rankHistory.js";

/** Answers are scored from every sixth hour of issue (UTC): four times of the day, at a sixth of the cost. */
const scoredEvery = 6;
/** Temperatures that are remembered: from today's high until tomorrow's is known. */
const observedHours = 48;
/** An answer's quantiles and odds. */
const answerLength = quantileCount + 1;

/** Joint forecasts of all hours of the next three days: how the hours vary together, and how true answers from them were. */
export class JointForecast implements Stateful {
  readonly scores = new QuestionScores();
  private readonly history = new RankHistory();
  /** hour mod 48: the temperatures observed, °C; NaN where missing */
  private readonly observed = new Float32Array(observedHours).fill(Number.NaN);
  /** hour of issue mod 72, every sixth × question × from draws, from common ranks × quantiles and odds */
  private readonly waiting = new Float32Array((maxLeadHours / scoredEvery) * questionCount * 2 * answerLength).fill(
    Number.NaN,
  );
  readonly state: readonly StateArray[] = [...this.history.state, ...this.scores.state, this.observed, this.waiting];

  /** The draws of an hour, which every scored hour writes again. */
  private readonly draws = new Float32Array(commonRanks.ranks.length);

  /** @param utcOffset hours that local standard time is ahead of UTC */
  constructor(readonly utcOffset: number) {}

  /** Learns the temperature of an hour from the quantiles issued `lead` hours before. */
  learn(hour: number, lead: number, quantiles: ArrayLike<number>, temperatureC: number): void {
    this.history.learn(hour, lead, quantiles, temperatureC);
  }

  /** Observes the temperature of an hour, NaN when it is missing; scores the answers about nights and days that end at it. */
  observe(hour: number, temperatureC: number): void {
    this.observed[positionIn(observedHours, hour)] = temperatureC;
    this.history.start(hour);
    this.score(hour);
    if (isScored(hour)) this.waiting.fill(Number.NaN, this.waitingAt(hour, 0), this.waitingAt(hour, questionCount));
  }

  /** Answers the questions of an hour from its quantiles (lead × quantile), where answers are scored. */
  issue(hour: number, quantiles: Float32Array): void {
    if (!isScored(hour)) return;
    const temperatures = quantiles.subarray(0, maxLeadHours * quantileCount);
    const questions = questionsAt(hour, this.utcOffset);
    const observed = this.courseTo(hour, hoursBefore).temperatures;
    const answersOf = (ranks: DrawRanks) => {
      const draws = drawsOf(ranks, temperatures, this.draws.subarray(0, ranks.count * maxLeadHours));
      return answersFrom(questions, hour, draws, observed);
    };
    const [own, other] = [answersOf(this.ranks(hour)), answersOf(commonRanks)];
    for (const [q, question] of questions.entries()) {
      const answers = [own[q]!, other[q]!];
      // A night without frost in any draw says nothing.
      if (question.kind === "freezingHours" && answers.every(({ quantiles }) => quantiles.at(-1) === 0)) continue;
      for (const [i, { quantiles, odds }] of answers.entries()) {
        const at = this.waitingAt(hour, q) + i * answerLength;
        this.waiting.set(quantiles, at);
        this.waiting[at + quantileCount] = odds;
      }
    }
  }

  /** The ranks for draws of the forecast issued at the newest hour. */
  ranks(hour: number): DrawRanks {
    return this.history.ranks(hour);
  }

  /** The temperatures of the last hours up to one. */
  private courseTo(hour: number, hours: number): Course {
    const firstHour = hour - hours + 1;
    const temperatures = new Float32Array(hours);
    for (let i = 0; i < hours; i++) temperatures[i] = this.observed[positionIn(observedHours, firstHour + i)]!;
    return { firstHour, temperatures };
  }

  private score(hour: number): void {
    // Questions end at the end of a night or a day, or before midnight.
    const ends = questionsAt(hour - 1, this.utcOffset).some(({ endHour }) => endHour === hour || endHour === hour + 24);
    if (!ends) return;
    const course = this.courseTo(hour, observedHours);
    for (let issued = hour - maxLeadHours + 1; issued < hour; issued++) {
      if (!isScored(issued)) continue;
      for (const [q, question] of questionsAt(issued, this.utcOffset).entries()) {
        if (question.endHour !== hour) continue;
        const [own, other] = this.answersAt(issued, q);
        if (Number.isNaN(own.odds)) continue;
        const truth = answer(question, course);
        if (!Number.isNaN(truth))
          this.scores.add(questionKinds.indexOf(question.kind), question.number, truth, own, other);
      }
    }
  }

  private answersAt(issued: number, q: number): [Answer, Answer] {
    const read = (at: number): Answer => ({
      quantiles: Float64Array.from(this.waiting.subarray(at, at + quantileCount)),
      odds: this.waiting[at + quantileCount]!,
    });
    const at = this.waitingAt(issued, q);
    return [read(at), read(at + answerLength)];
  }

  private waitingAt(hour: number, question: number): number {
    return ((positionIn(maxLeadHours, hour) / scoredEvery) * questionCount + question) * 2 * answerLength;
  }
}

function isScored(hour: number): boolean {
  return positionIn(scoredEvery, hour) === 0;
}
