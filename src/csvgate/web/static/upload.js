// The page of uploads: files are dropped or chosen, looked at, sent a few at a time, and followed to their verdicts.

import { announce, element, plain } from "./elements.js";
import { chosen, dropped } from "./upload/dropped.js";
import { forget, isSame, remembered } from "./upload/memory.js";
import { Story } from "./upload/story.js";
import { abandon } from "./upload/transfer.js";
import { count, size } from "./words.js";

const AT_ONCE = 3;
const form = /** @type {HTMLFormElement} */ (document.getElementById("drop"));
const chooser = /** @type {HTMLInputElement} */ (document.getElementById("files"));
const queue = /** @type {HTMLElement} */ (document.getElementById("queue"));

/** @type {(() => Promise<void>)[]} */
const waiting = [];
let running = 0;

/** @param {() => Promise<void>} work */
function enqueue(work) {
  waiting.push(work);
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length > 0) {
    running += 1;
    waiting.shift()().finally(() => {
      running -= 1;
      next();
    });
  }
}

/** @param {{name: string, file: File}[]} files */
function take(files) {
  const stories = files.map(({ name, file }) => new Story(name, file, enqueue));
  for (const { name, file } of files) unfinished(name, file)?.remove();
  queue.prepend(...stories.map((story) => story.row.element));
  stories.forEach((story) => story.begin());
  if (files.length > 1) announce(`${count(files.length, "file")} taken`);
}

/** The row that asks for this very file. @param {string} name @param {File} file */
function unfinished(name, file) {
  return [...queue.querySelectorAll("[data-unfinished]")].find((row) => {
    const one = JSON.parse(row.dataset.unfinished);
    return one.name === name && isSame(one, file);
  });
}

/** What was begun before a reload can go on, once the file is there again. @param {import("./upload/memory.js").Begun} one */
function asked(one) {
  const again = element("button", { type: "button", click: () => chooser.click() }, "Choose the file again");
  const giveUp = element("button", { type: "button", class: "quiet", click: () => {
    forget(one.id);
    row.remove();
    abandon(one.id).catch(() => undefined);
  } }, "Give it up");
  const row = element(
    "li",
    { class: "upload", "data-state": "unfinished", "data-unfinished": JSON.stringify(one) },
    element("p", { class: "title" }, element("bdi", { class: "name" }, plain(one.name)), element("span", { class: "size" }, size(one.size))),
    element("p", { class: "status" }, "Not finished. Choose or drop the same file again, and it goes on where it stopped."),
    element("p", { class: "buttons" }, again, giveUp),
  );
  return row;
}

chooser.addEventListener("change", () => {
  take(chosen(chooser.files));
  chooser.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => event.relatedTarget === null && form.classList.remove("over"));
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  take(await dropped(event.dataTransfer));
});
document.body.classList.add("scripted");
chooser.required = false;
queue.append(...remembered().map(asked));
