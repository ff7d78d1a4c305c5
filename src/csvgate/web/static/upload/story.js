// One file in; its way to a verdict: looked at, sent, paused and taken up again, followed.

import { follow } from "./following.js";
import { forget, begunFor } from "./memory.js";
import { Meter } from "./meter.js";
import { isDoubtful, preflight } from "./preflight.js";
import { Row } from "./row.js";
import { LARGE, abandon, transfer } from "./transfer.js";

export class Story {
  /** @param {string} name @param {File} file @param {(work: () => Promise<void>) => void} enqueue waits for its turn */
  constructor(name, file, enqueue) {
    this.name = name;
    this.file = file;
    this.enqueue = enqueue;
    this.key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.row = new Row(name, file.size);
    this.stop = new AbortController();
    this.row.show("waiting", "Waits for its turn", this.cancelling());
  }

  begin() {
    this.enqueue(() => this.whileWanted(() => (begunFor(this.name, this.file) ? this.send() : this.check())));
  }

  cancelling() {
    return ["Cancel", () => this.cancel(), "quiet"];
  }

  async check() {
    this.row.show("checking", "A look at its beginning and its end …", this.cancelling());
    const preview = await preflight(this.file, this.stop.signal);
    this.row.preview(preview);
    if (!isDoubtful(preview)) return this.send();
    const words = preview.is_whole ? "This will need a look. Nothing has been sent yet." : "This may need a look. Nothing has been sent yet.";
    this.row.show("doubtful", words, ["Upload anyway", () => this.resume()], this.cancelling());
  }

  async send() {
    const pausing = this.file.size >= LARGE ? [["Pause", () => this.pause()]] : [];
    this.row.show("sending", "Sending …", ...pausing, this.cancelling());
    const meter = new Meter();
    const progress = (sent) => {
      meter.add(sent);
      this.row.progress(sent, meter);
    };
    const waiting = (problem) => {
      this.row.status.textContent = `${capitalized(problem.message)}; it is tried again …`;
    };
    this.sent(await transfer(this.name, this.file, this.key, { signal: this.stop.signal, progress, waiting }));
  }

  /** @param {{delivery_id: string | null, key: string}} told */
  sent(told) {
    this.row.bar.value = this.row.bar.max;
    this.row.show("following", "Sent. The gate is reading it …");
    if (!told.delivery_id) return this.row.show("done", "Sent. Its delivery shows in the list.");
    follow(told.delivery_id, (line) => (line ? this.row.verdict(line) : this.row.show("done", "Sent. Whoever may read deliveries sees what becomes of it.")));
  }

  pause() {
    this.stop.abort();
    this.row.show("paused", `${this.row.status.textContent.split(" · ")[0]} · paused`, ["Resume", () => this.resume()], this.cancelling());
  }

  resume() {
    this.stop = new AbortController();
    this.row.show("waiting", "Waits for its turn", this.cancelling());
    this.enqueue(() => this.whileWanted(() => this.send()));
  }

  async cancel() {
    this.stop.abort();
    const begun = begunFor(this.name, this.file);
    if (begun) {
      forget(begun.id);
      await abandon(begun.id).catch(() => undefined);
    }
    this.row.element.remove();
  }

  /** What was stopped says so itself; what went wrong is said here, and can be tried again. @param {() => Promise<void>} work */
  async whileWanted(work) {
    const { signal } = this.stop;
    if (signal.aborted) return;
    try {
      await work();
    } catch (problem) {
      if (signal.aborted) return;
      this.row.show("failed", `${capitalized(problem.message)}.`, ["Try again", () => this.resume()], this.cancelling());
    }
  }
}

/** @param {string} words */
function capitalized(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
