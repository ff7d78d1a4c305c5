// A file in; its bytes in the bucket, in one piece through the service or in parts straight to the store.

import { Problem, ask, patiently, post, send } from "../http.js";
import { begunFor, forget, remember } from "./memory.js";

export const LARGE = 16 * 1000 * 1000;
const AT_ONCE = 3;
const SIGNED_AT_ONCE = 12;
const ADDRESS_LASTS = 10 * 60 * 1000;

/** @typedef {{signal: AbortSignal, progress: (sent: number) => void, waiting: (problem: Problem) => void}} Watch */
/** @typedef {{delivery_id: string | null, key: string}} Told */

/** @param {string} name @param {File} file @param {string} key makes a repeated request the same @param {Watch} watch @returns {Promise<Told>} */
export function transfer(name, file, key, watch) {
  return file.size < LARGE ? whole(name, file, key, watch) : inParts(name, file, key, watch);
}

/** Nothing is left of an upload in parts. @param {string} id */
export async function abandon(id) {
  forget(id);
  await ask(`/api/uploads/multipart/${id}`, { method: "DELETE" });
}

async function whole(name, file, key, { signal, progress, waiting }) {
  const url = `/api/uploads?${new URLSearchParams({ name })}`;
  const headers = { "Content-Type": "application/octet-stream", "Idempotency-Key": key };
  const attempt = () => send({ method: "POST", url, body: file, headers, signal }, progress).catch(again);
  const answer = await patiently(attempt, signal, waiting);
  return JSON.parse(answer.responseText);
}

/** The first try may still be at work when its answer was lost. */
function again(problem) {
  throw problem instanceof Problem && problem.status === 409 ? new Problem(503, problem.message, 2) : problem;
}

async function inParts(name, file, key, watch) {
  const upload = await begun(name, file, key, watch);
  for (;;) {
    await missing(upload, file, watch);
    try {
      const told = await patiently(() => post(`${path(upload)}/complete`, {}), watch.signal, watch.waiting);
      forget(upload.upload_id);
      return told;
    } catch (problem) {
      // A part that was thought to be there is not: it is sent once more.
      if (!(problem instanceof Problem) || problem.status !== 409) throw problem;
    }
  }
}

const path = (upload) => `/api/uploads/multipart/${upload.upload_id}`;

/** The upload that was begun for this file before, if the store still has it, or a new one. */
async function begun(name, file, key, { signal, waiting }) {
  const known = begunFor(name, file);
  if (known) {
    try {
      return await patiently(() => ask(`/api/uploads/multipart/${known.id}`, { signal }), signal, waiting);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
      forget(known.id);
    }
  }
  const begin = () => post("/api/uploads/multipart", { name, size: file.size }, { "Idempotency-Key": known ? `${key}-${known.id}` : key });
  const upload = await patiently(begin, signal, waiting);
  remember(upload.upload_id, name, file);
  return upload;
}

/** Every part that is not there is sent, a few at a time. */
async function missing(upload, file, watch) {
  const { parts = [] } = await patiently(() => ask(path(upload), { signal: watch.signal }), watch.signal, watch.waiting);
  const there = new Map(parts.filter((part) => part.size === sizeOf(upload, part.number)).map((part) => [part.number, part.size]));
  const numbers = Array.from({ length: upload.part_count }, (_, at) => at + 1).filter((number) => !there.has(number));
  const sent = new Map(there);
  const tell = (number, bytes) => {
    sent.set(number, bytes);
    watch.progress([...sent.values()].reduce((sum, size) => sum + size, 0));
  };
  const addresses = new Addresses(upload, numbers);
  tell(0, 0);
  const next = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) await part(upload, number, file, addresses, tell, watch);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function part(upload, number, file, addresses, tell, { signal, waiting }) {
  const start = (number - 1) * upload.part_size;
  const body = file.slice(start, start + upload.part_size);
  await patiently(async () => {
    const url = await addresses.of(number, signal);
    await send({ method: "PUT", url, body, signal }, (bytes) => tell(number, bytes)).catch((problem) => {
      tell(number, 0);
      addresses.drop(number);
      // An address that has expired is refused; the next one is not.
      throw problem.status === 403 ? new Problem(503, "the address has expired") : problem;
    });
  }, signal, waiting);
  tell(number, body.size);
}

/** @param {{part_size: number, part_count: number, size: number}} upload @param {number} number */
function sizeOf(upload, number) {
  return number < upload.part_count ? upload.part_size : upload.size - upload.part_size * (upload.part_count - 1);
}

/** Where the parts go: asked for a few at a time, and again when they are old. */
class Addresses {
  constructor(upload, numbers) {
    this.upload = upload;
    this.numbers = numbers;
    this.known = new Map();
  }

  async of(number, signal) {
    const { url, since } = this.known.get(number) ?? {};
    if (url && Date.now() - since < ADDRESS_LASTS) return url;
    const numbers = [number, ...this.numbers.slice(0, SIGNED_AT_ONCE - 1)];
    const body = JSON.stringify({ numbers });
    const headers = { "Content-Type": "application/json" };
    const told = await ask(`${path(this.upload)}/addresses`, { method: "POST", body, headers, signal });
    for (const one of told.addresses) this.known.set(one.number, { url: one.url, since: Date.now() });
    return this.known.get(number).url;
  }

  drop(number) {
    this.known.delete(number);
  }
}
