// What was dropped or chosen in; files with their names, folders included, out.

/** @typedef {{name: string, file: File}} Named */

/** @param {FileList} files @returns {Named[]} */
export function chosen(files) {
  return [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

/** Folders are gone through, where the browser gives them. @param {DataTransfer} dropped @returns {Promise<Named[]>} */
export async function dropped(dropped) {
  // Both have to be taken before anything is waited for: afterwards the list is empty.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = chosen(dropped.files);
  if (!entries.some((entry) => entry.isDirectory)) return files;
  return (await Promise.all(entries.map(filesIn))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<Named[]>} */
async function filesIn(entry) {
  if (!entry.isDirectory) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return isHidden(file.name) ? [] : [{ name: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}

/** What file managers leave in folders is nobody's data. @param {string} name */
function isHidden(name) {
  return name.startsWith(".") || name === "Thumbs.db";
}
