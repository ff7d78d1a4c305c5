// How much was sent by when in; how fast it goes, and how long it still takes, out.

const WINDOW = 8000;

export class Meter {
  /** @param {() => number} clock */
  constructor(clock = () => performance.now()) {
    this.clock = clock;
    this.seen = [];
  }

  /** @param {number} sent all bytes so far */
  add(sent) {
    const now = this.clock();
    this.seen.push([now, sent]);
    while (this.seen.length > 2 && now - this.seen[0][0] > WINDOW) this.seen.shift();
  }

  /** Bytes per second over the last seconds; 0 while nobody can tell. */
  get speed() {
    const [first, last] = [this.seen.at(0), this.seen.at(-1)];
    const elapsed = last && first ? last[0] - first[0] : 0;
    return elapsed > 200 ? Math.max(0, (1000 * (last[1] - first[1])) / elapsed) : 0;
  }

  /** Seconds. @param {number} missing bytes */
  left(missing) {
    return this.speed ? missing / this.speed : Infinity;
  }
}
