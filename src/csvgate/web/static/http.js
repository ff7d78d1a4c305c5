// Requests to the service in; JSON, or a Problem that says what is wrong in the service's own words, out.

/** What went wrong; `status` 0: nobody answered. */
export class Problem extends Error {
  /** @param {number} status @param {string} detail @param {number} [wait] seconds until it makes sense to ask again */
  constructor(status, detail, wait = 0) {
    super(detail);
    this.status = status;
    this.wait = wait;
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** @param {string} path @param {RequestInit} [options] */
export async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { Accept: "application/json", ...options.headers } })
    .catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new Problem(0, "the service does not answer");
    });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, told.detail ?? answer.statusText, waitOf(answer));
  return told;
}

/** @param {string} path @param {object} document @param {Record<string, string>} [headers] */
export function post(path, document, headers = {}) {
  const body = JSON.stringify(document);
  return ask(path, { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } });
}

/**
 * The body is sent, with its progress told; fetch cannot do this yet.
 * @param {{method: string, url: string, body: Blob, headers?: Record<string, string>, signal: AbortSignal}} request
 * @param {(sent: number) => void} progress
 * @returns {Promise<XMLHttpRequest>}
 */
export function send({ method, url, body, headers = {}, signal }, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => (request.status < 300 ? resolve(request) : reject(problemOf(request)));
    request.onerror = () => reject(new Problem(0, "the connection broke"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    if (signal.aborted) return request.onabort();
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

/** @param {XMLHttpRequest} request */
function problemOf(request) {
  let told = {};
  try {
    told = JSON.parse(request.responseText);
  } catch {
    // The store answers in XML: its words are not for senders.
  }
  return new Problem(request.status, told.detail ?? `the answer was ${request.status}`, Number(request.getResponseHeader("Retry-After")) || 0);
}

/** @param {Response} answer */
function waitOf(answer) {
  return Number(answer.headers.get("Retry-After")) || 0;
}

/**
 * What passes by itself is tried again, each time after a longer while.
 * @template T
 * @param {() => Promise<T>} attempt @param {AbortSignal} signal @param {(problem: Problem) => void} [waiting]
 * @returns {Promise<T>}
 */
export async function patiently(attempt, signal, waiting = () => {}) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (problem) {
      if (!(problem instanceof Problem) || !problem.passes || tries === TRIES) throw problem;
      waiting(problem);
      await pause(problem.wait * 1000 || Math.min(500 * 2 ** tries, LONGEST) * (0.5 + Math.random()), signal);
    }
  }
}

const TRIES = 8;
const LONGEST = 30_000;

/** @param {number} milliseconds @param {AbortSignal} signal */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    }, { once: true });
  });
}
