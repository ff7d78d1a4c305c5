// What is known of one upload in; how it looks in the list out. It decides nothing.

import { announce, element, plain } from "../elements.js";
import { left, size } from "../words.js";
import { doubts } from "./preflight.js";

const COLUMNS_SHOWN = 12;

export class Row {
  /** @param {string} name @param {number} bytes */
  constructor(name, bytes) {
    this.name = plain(name);
    this.bytes = bytes;
    this.status = element("p", { class: "status" });
    this.bar = element("progress", { max: Math.max(bytes, 1), value: 0, "aria-label": `${this.name}, sent` });
    this.about = element("div", { class: "about" });
    this.buttons = element("p", { class: "buttons" });
    const title = element("p", { class: "title" }, element("bdi", { class: "name" }, this.name), element("span", { class: "size" }, size(bytes)));
    this.element = element("li", { class: "upload", "data-state": "waiting" }, title, this.bar, this.status, this.about, this.buttons);
  }

  /**
   * @param {string} state @param {string} words
   * @param {...[string, () => void, string?]} buttons label, what it does, how it looks
   */
  show(state, words, ...buttons) {
    const before = this.element.dataset.state;
    this.element.dataset.state = state;
    this.status.textContent = words;
    const hadFocus = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...buttons.map((one) => this.button(...one)));
    if (hadFocus) (this.buttons.querySelector("button") ?? this.status).focus();
    if (state !== before && state !== "waiting") announce(`${this.name}: ${words}`);
  }

  button(label, act, look = "") {
    return element("button", { type: "button", class: look, "aria-label": `${label}: ${this.name}`, click: act }, label);
  }

  /** @param {number} sent @param {import("./meter.js").Meter} meter */
  progress(sent, meter) {
    this.bar.value = sent;
    if (sent >= this.bytes) {
      this.status.textContent = `${size(this.bytes)} sent, and put together …`;
      return;
    }
    const rate = meter.speed ? [`${size(Math.round(meter.speed))}/s`, left(meter.left(this.bytes - sent))] : [];
    const said = [`${size(sent)} of ${size(this.bytes)}`, ...rate];
    this.status.textContent = said.filter(Boolean).join(" · ");
  }

  /** @param {import("./preflight.js").Preview} preview */
  preview(preview) {
    const shown = preview.columns.slice(0, COLUMNS_SHOWN).map((column) => element("li", { title: column.type }, plain(column.name) || "(no name)"));
    const more = preview.column_count - shown.length;
    if (more > 0) shown.push(element("li", { class: "more" }, `and ${more.toLocaleString("en")} more`));
    const found = doubts(preview).map(({ message, advice }) => element("li", {}, element("strong", {}, message), ` ${advice}`));
    const scope = preview.is_whole ? "" : "A look at its first and last megabyte: ";
    this.about.replaceChildren(...[
      preview.written_as ? element("p", { class: "written" }, `${scope}${preview.written_as}`) : null,
      shown.length ? element("ul", { class: "names", "aria-label": "Columns" }, ...shown) : null,
      found.length ? element("ul", { class: "doubts" }, ...found) : null,
    ].filter((part) => part !== null));
  }

  /** @param {{id: string, tone: string, sentence: string, is_final: boolean}} line */
  verdict(line) {
    this.element.classList.remove("ok", "warning", "rejected", "other");
    this.element.classList.add(line.tone);
    this.show(line.is_final ? "done" : "following", `It ${line.sentence}`);
    this.buttons.replaceChildren(element("a", { href: `/deliveries/${line.id}`, "aria-label": `Receipt of ${this.name}` }, "Receipt"));
    if (line.is_final) this.about.replaceChildren();
  }
}
