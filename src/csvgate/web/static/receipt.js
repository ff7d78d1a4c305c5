// A receipt: what happens to it meanwhile is shown, and a link to it can be made and sent.

import { announce, element } from "./elements.js";
import { Problem, ask } from "./http.js";
import { localTimes } from "./times.js";

localTimes();
const receipt = document.querySelector("[data-waits]");
if (receipt) waitFor(receipt);
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = false;
  button.addEventListener("click", () => share(button));
}

/** The page is read anew as soon as there is more to read. @param {HTMLElement} page */
function waitFor(page) {
  const source = new EventSource("/deliveries/live");
  source.addEventListener("line", (event) => {
    const line = JSON.parse(event.data);
    if (line.id === page.dataset.waits && line.is_final) window.location.reload();
  });
  window.addEventListener("pagehide", () => source.close());
  // It may have ended before anybody listened.
  setInterval(() => ask(`/deliveries/${page.dataset.waits}/line`).then((line) => line.is_final && window.location.reload(), () => undefined), 3000);
}

/** @param {HTMLButtonElement} button */
async function share(button) {
  const place = document.getElementById("link");
  button.disabled = true;
  try {
    const { path, expires_at: ends } = await ask(button.dataset.share, { method: "POST" });
    const address = new URL(path, window.location.href).href;
    const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    place.replaceChildren(...told(address, ends, copied));
    announce(copied ? "The link is copied" : "The link is made");
  } catch (problem) {
    place.replaceChildren(problem instanceof Problem ? `It could not be made: ${problem.message}.` : "It could not be made.");
  }
  button.disabled = false;
}

/** @param {string} address @param {string} ends @param {boolean} copied */
function told(address, ends, copied) {
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(new Date(ends));
  const field = element("input", { type: "text", readonly: true, value: address, "aria-label": "The link", focus: () => field.select() });
  return [field, element("small", {}, `${copied ? "Copied. " : ""}Whoever has it sees this receipt, and nothing else, until ${day}.`)];
}
