// What failed is put back, one or all, and the page says what became of that.

import { announce } from "./elements.js";
import { Problem, post } from "./http.js";
import { localTimes } from "./times.js";
import { count } from "./words.js";

localTimes();
const outcome = document.getElementById("outcome");
for (const button of document.querySelectorAll("[data-redrive]")) {
  button.hidden = false;
  button.addEventListener("click", () => putBack(button));
}

/** @param {HTMLButtonElement} button */
async function putBack(button) {
  const wanted = button.dataset.redrive;
  button.disabled = true;
  try {
    tell(words(await post("/api/failures/redrive", wanted === "all" ? {} : { names: [wanted] })));
    if (wanted !== "all") button.closest("tr").classList.add("done");
  } catch (problem) {
    tell(problem instanceof Problem ? `It was not put back: ${problem.message}.` : "It was not put back.");
    button.disabled = false;
  }
}

/** @param {{redriven: number, left: number, unreadable: number}} told */
function words({ redriven, left, unreadable }) {
  if (redriven + unreadable === 0) return "No message of it is among the dead letters: it may have been put back before.";
  const said = [`${count(redriven, "message")} put back. ${redriven === 1 ? "It is" : "They are"} tried again now.`];
  if (left) said.push(`${count(left, "message")} left where they are.`);
  if (unreadable) said.push(`${count(unreadable, "message")} of no delivery stay among the dead letters.`);
  return said.join(" ");
}

/** @param {string} said */
function tell(said) {
  outcome.textContent = said;
  announce(said);
}
