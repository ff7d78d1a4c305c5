// A file in; what the gate takes it for, by its first and its last bytes, out.

import { ask, patiently } from "../http.js";

const WINDOW = 1 << 20;

/**
 * @typedef {{code: string, severity: string, message: string, advice: string, line: number | null}} Doubt
 * @typedef {{is_whole: boolean, verdict: string, written_as: string | null, column_count: number,
 *   columns: {name: string, type: string}[], findings: Doubt[]}} Preview
 */

/** @param {File} file @param {AbortSignal} signal @returns {Promise<Preview>} */
export function preflight(file, signal) {
  const body = new Blob([file.slice(0, WINDOW), file.slice(Math.max(WINDOW, file.size - WINDOW))]);
  return patiently(() => ask(`/api/preflight?size=${file.size}`, { method: "POST", body, signal }), signal);
}

/** Whether somebody should look before it is sent. @param {Preview} preview */
export function isDoubtful(preview) {
  const isNarrow = preview.is_whole === false && preview.column_count === 1;
  return preview.verdict === "rejected" || isNarrow || preview.findings.some((found) => found.severity === "error");
}

/** What is wrong, in words, with what to do about it. @param {Preview} preview */
export function doubts(preview) {
  const found = preview.findings.filter((one) => one.severity !== "info");
  const said = found.map(({ message, advice, line }) => ({ message: line ? `Line ${line.toLocaleString("en")}: ${message}` : sentence(message), advice }));
  if (preview.column_count === 1 && preview.verdict !== "rejected") {
    said.push({ message: "It seems to have one column only.", advice: "Check the delimiter, if there should be more." });
  }
  return said;
}

/** @param {string} words */
function sentence(words) {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith(".") ? "" : "."}`;
}
