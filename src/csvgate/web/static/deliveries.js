// The list of deliveries: rows that change do so in their place, and new ones come without moving what is being read.

import { announce } from "./elements.js";
import { localTimes } from "./times.js";
import { count } from "./words.js";

const list = document.getElementById("deliveries");
const fresh = /** @type {HTMLButtonElement} */ (document.getElementById("fresh"));
/** @type {Map<string, HTMLElement>} */
const held = new Map();

localTimes();
if (list?.dataset.live) listen(list.dataset.live);
fresh?.addEventListener("click", () => {
  window.scrollTo({ top: 0 });
  if (list.dataset.first === "yes") show();
  else window.location.assign(list.dataset.top);
});

/** @param {string} address */
function listen(address) {
  const source = new EventSource(address);
  source.addEventListener("line", (event) => change(JSON.parse(event.data)));
  source.addEventListener("open", () => catchUp().then(() => (list.dataset.listens = "yes")));
  source.addEventListener("error", () => delete list.dataset.listens);
  window.addEventListener("pagehide", () => source.close());
}

/** What happened before anybody listened, or while the connection was broken. */
async function catchUp() {
  if (list.dataset.first !== "yes") return;
  const answer = await fetch(list.dataset.top).catch(() => null);
  if (!answer?.ok) return;
  const rows = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("#deliveries tbody tr");
  for (const row of [...rows].reverse()) {
    const shown = document.getElementById(row.id)?.dataset.as;
    if (shown !== row.dataset.as) change({ id: row.id.slice(2), row: row.outerHTML, name: "", sentence: "", is_final: false });
  }
}

/** @param {{id: string, row: string | null, name: string, sentence: string, is_final: boolean}} line */
function change(line) {
  const known = document.getElementById(`d-${line.id}`);
  const row = line.row === null ? null : made(line.row);
  if (known) return row ? replace(known, row) : known.remove();
  if (!row) return held.delete(line.id);
  held.set(line.id, row);
  if (window.scrollY < 200 && list.dataset.first === "yes") show();
  else offer();
  if (line.is_final) announce(`${line.name} ${line.sentence}`);
}

/** @param {HTMLElement} known @param {HTMLElement} row */
function replace(known, row) {
  const hadFocus = known.contains(document.activeElement);
  known.replaceWith(row);
  row.classList.add("new");
  if (hadFocus) row.querySelector("a")?.focus();
}

function show() {
  const body = list.querySelector("tbody");
  if (!body) return window.location.reload();
  for (const row of held.values()) place(body, row);
  held.clear();
  offer();
}

/** Where it belongs by its time: an old delivery that was put back is no new one. @param {Element} body @param {HTMLElement} row */
function place(body, row) {
  const older = [...body.children].find((other) => timeOf(other) <= timeOf(row));
  if (older || document.querySelector('.pages [rel="next"]') === null) body.insertBefore(row, older ?? null);
}

/** @param {Element} row */
function timeOf(row) {
  return row.querySelector("time").dateTime;
}

function offer() {
  fresh.hidden = held.size === 0;
  fresh.textContent = `${count(held.size, "new delivery").replace("deliverys", "deliveries")}`;
}

/** The service made it, of text that it escaped. @param {string} html */
function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = /** @type {HTMLElement} */ (template.content.firstElementChild);
  localTimes(row);
  row.classList.add("new");
  return row;
}
