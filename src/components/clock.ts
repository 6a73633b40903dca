/** The time in the browser, now and once a minute: the only clock of the pages. */
export async function* everyMinute(): AsyncGenerator<number> {
  while (true) {
    yield Date.now();
    await new Promise((minute) => setTimeout(minute, 60_000));
  }
}
