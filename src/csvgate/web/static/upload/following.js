// The id of a delivery in; what becomes of it, in the service's own words, as long as something does, out.

import { Problem, ask } from "../http.js";

const POLL = 4000;
/** @typedef {{id: string, tone: string, sentence: string, is_final: boolean}} Line */

/** @type {Map<string, (line: Line) => void>} */
const waiting = new Map();
/** @type {EventSource | undefined} */
let source;
/** @type {number | undefined} */
let timer;

/** @param {string} id @param {(line: Line | null) => void} tell null: this token may not see it */
export function follow(id, tell) {
  waiting.set(id, tell);
  listen();
  look(id);
}

function listen() {
  if (source) return;
  source = new EventSource("/deliveries/live");
  source.addEventListener("line", (event) => hear(JSON.parse(event.data)));
  // What no event told, a look does: events may be missed, and there is room for so many listeners only.
  timer = setInterval(() => [...waiting.keys()].slice(0, 20).forEach(look), POLL);
}

/** @param {Line} line */
function hear(line) {
  waiting.get(line.id)?.(line);
  if (line.is_final) done(line.id);
}

/** @param {string} id */
async function look(id) {
  try {
    hear(await ask(`/deliveries/${id}/line`));
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 403) return;
    waiting.get(id)?.(null);
    done(id);
  }
}

/** @param {string} id */
function done(id) {
  waiting.delete(id);
  if (waiting.size > 0) return;
  source?.close();
  source = undefined;
  clearInterval(timer);
}
