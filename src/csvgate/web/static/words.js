// Figures in; the words in which a person reads them, as the rest of the service has them, out.

const UNITS = ["kB", "MB", "GB", "TB"];

/** `512 bytes`, `1.5 MB`. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return count(bytes, "byte");
  let amount = bytes;
  let unit = "";
  for (unit of UNITS) {
    amount /= 1000;
    if (Math.round(amount) < 1000) break;
  }
  return `${Number(amount.toPrecision(3))} ${unit}`;
}

/** @param {number} number @param {string} noun */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** `about 2 minutes left`. @param {number} seconds */
export function left(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 5) return "a few seconds left";
  if (seconds < 60) return `${Math.round(seconds / 5) * 5} seconds left`;
  if (seconds < 5400) return `about ${count(Math.round(seconds / 60), "minute")} left`;
  return `about ${count(Math.round(seconds / 3600), "hour")} left`;
}
