// Imported before a process begins, whose clock is then off by so many milliseconds.
const shiftMs = Number(process.env.SHIFTED_CLOCK_MS ?? 0);
const { now } = Date;

globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(now() + shiftMs);
    else super(...given);
  }

  static now() {
    return now() + shiftMs;
  }
};
