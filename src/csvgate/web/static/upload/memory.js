// Uploads in parts that were begun; found again after a reload by the file's name, size and time.

const NAME = "csvgate.uploads";
const A_DAY = 24 * 3600 * 1000;

/** @typedef {{id: string, name: string, size: number, lastModified: number, begun: number}} Begun */

/** The store forgets what is a day old. @returns {Begun[]} */
export function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return kept.filter((one) => Date.now() - one.begun < A_DAY);
  } catch {
    return [];
  }
}

/** @param {string} id @param {string} name @param {File} file */
export function remember(id, name, file) {
  const one = { id, name, size: file.size, lastModified: file.lastModified, begun: Date.now() };
  keep([...remembered().filter((other) => other.id !== id), one]);
}

/** @param {string} id */
export function forget(id) {
  keep(remembered().filter((one) => one.id !== id));
}

/** The upload of this very file, if one was begun. @param {string} name @param {File} file */
export function begunFor(name, file) {
  return remembered().find((one) => one.name === name && isSame(one, file));
}

/** @param {Begun} one @param {File} file */
export function isSame(one, file) {
  return one.size === file.size && one.lastModified === file.lastModified;
}

/** @param {Begun[]} all */
function keep(all) {
  try {
    localStorage.setItem(NAME, JSON.stringify(all));
  } catch {
    // Without storage an upload is begun anew after a reload, and nothing else is lost.
  }
}
