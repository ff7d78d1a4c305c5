// Times in UTC in the page; the same in the reader's own time, with UTC on hover, out.

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {ParentNode} place */
export function localTimes(place = document) {
  for (const time of place.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime()) || time.title) continue;
    time.title = time.textContent;
    time.textContent = FORMAT.format(moment);
  }
}
