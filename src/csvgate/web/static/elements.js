// Names, attributes and children in; elements out. Text is only ever text.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] a function is a listener; null and false are left out
 * @param {...(Node | string | null)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Says it to those who listen, without moving anything. @param {string} words */
export function announce(words) {
  const region = document.getElementById("said");
  if (region) region.textContent = words;
}

// Characters that hide, or turn the writing direction: a name shows as what it is.
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/g;

/** @param {string} name */
export function plain(name) {
  return name.replace(HOSTILE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
